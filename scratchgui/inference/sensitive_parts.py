"""Which part of a network computes in 32 bits when the rest computes in 16."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from scratchgui.inference.openvino_runtime import openvino_core

_FINEST = 4
"""Down to this fraction of the resolution; what is coarser may be rounded."""
_NUMBERS = ("Parameter", "Constant", "Result")
_MARK = "DisablePrecisionConversion"
# OpenVINO's Python API cannot make this mark, only read it from a file and hand it on.
_WITH_MARK = f"""<?xml version="1.0"?>
<net name="marked" version="11">
<layers>
<layer id="0" name="in" type="Parameter" version="opset1">
<data shape="1" element_type="f32"/>
<rt_info><attribute name="{_MARK}" version="0" value="dynamic:f16"/></rt_info>
<output><port id="0" precision="FP32"><dim>1</dim></port></output>
</layer>
<layer id="1" name="out" type="Result" version="opset1">
<input><port id="0" precision="FP32"><dim>1</dim></port></input>
</layer>
</layers>
<edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/></edges>
</net>"""


def keep_fine_parts_in_f32(network: Any) -> None:
    """Mark what looks at the image in fine resolution, so that OpenVINO does not round it to bfloat16.

    What is rounded in the first layers runs through all others: of the Dice that U-Net B0 loses in bf16, most is lost
    by its first convolution and its first block, and nearly nothing by the decoder. With what works at half and a
    quarter of the resolution in f32, masks agree to Dice 0.997 instead of 0.992, and a tile takes a tenth longer.

    Args:
        network: OpenVINO's model, changed in place.
    """
    # Marks do not outlive that convolutions are joined with what is around them; so that comes first.
    import_module("openvino._offline_transformations").apply_moc_transformations(network, cf=True, smart_reshape=True)
    (source,) = openvino_core().read_model(_WITH_MARK.encode()).get_parameters()
    mark = next(source.get_rt_info()[name] for name in source.get_rt_info() if name.startswith(_MARK))
    for step in _fine_steps(network):
        step.set_rt_info(mark, f"{_MARK}_0")


def _fine_steps(network: Any) -> list[Any]:
    """Return the operations at `_FINEST` of the resolution and above, before the first upsampling."""
    coarseness: dict[str, float] = {}
    fine = []
    for step in network.get_ordered_ops():
        kind, name = step.get_type_name(), step.get_name()
        feeds = (value.get_source_output().get_node().get_name() for value in step.inputs())
        known = [coarseness[feed] for feed in feeds if feed in coarseness]
        if kind != "Parameter" and not known:
            continue  # computed from constants
        coarseness[name] = max(known, default=1) * _stride(step)
        if coarseness[name] <= _FINEST and kind not in _NUMBERS:
            fine.append(step)
    return fine


def _stride(step: Any) -> float:
    if step.get_type_name() == "Interpolate":
        return float("inf")
    return float(max(step.get_attributes().get("strides", [1])))
