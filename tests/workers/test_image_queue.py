from __future__ import annotations

import threading

from scratchgui.workers.image_queue import ImageQueue, Job, Kind


def drain(queue: ImageQueue) -> list[tuple[str, Kind]]:
    taken = []
    while not queue.is_idle:
        job = queue.take()
        taken.append((job.rel, job.kind))
    return taken


def test_order_of_urgency():
    queue = ImageQueue()
    assert queue.add(Kind.BULK, ["1", "2", "1"]) == 2
    assert queue.add(Kind.BULK, ["2", "3"]) == 1
    queue.add(Kind.REJUDGE, ["r"])
    queue.show("old", ["far"])
    queue.show("seen", ["next"])
    assert drain(queue) == [
        ("seen", Kind.VISIBLE),
        ("next", Kind.NEIGHBOR),
        ("r", Kind.REJUDGE),
        ("1", Kind.BULK),
        ("2", Kind.BULK),
        ("3", Kind.BULK),
    ]


def test_a_bulk_job_gives_way_to_the_visible_image_and_comes_next():
    queue = ImageQueue()
    queue.add(Kind.BULK, ["1", "2"])
    job = queue.take()
    assert not queue.gives_way(job)
    queue.show("seen")
    assert queue.gives_way(job)
    queue.put_back(job)
    assert [rel for rel, _ in drain(queue)] == ["seen", "1", "2"]


def test_an_image_that_becomes_visible_while_it_is_worked_on_goes_on():
    queue = ImageQueue()
    queue.add(Kind.BULK, ["1"])
    job = queue.take()
    queue.show("1")
    assert not queue.gives_way(job)
    assert queue.claim("1")
    assert not queue.claim("1")
    assert queue.is_idle


def test_pausing_holds_back_the_bulk_alone():
    queue = ImageQueue()
    queue.pause(True)
    queue.add(Kind.BULK, ["1"])
    queue.show("seen", ["next"])
    assert [queue.take().rel, queue.take().rel] == ["seen", "next"]
    taken: list[Job | None] = []
    thread = threading.Thread(target=lambda: taken.append(queue.take()))
    thread.start()
    thread.join(0.05)
    assert taken == []
    queue.pause(False)
    thread.join(5)
    assert [job.rel for job in taken] == ["1"]


def test_what_is_dropped_ends_and_does_not_come_back():
    queue = ImageQueue()
    queue.add(Kind.BULK, ["1", "2"])
    queue.show("seen")
    seen, bulk = queue.take(), queue.take()
    queue.drop(Kind.BULK)
    assert (queue.gives_way(seen), queue.gives_way(bulk)) == (False, True)
    queue.put_back(bulk)
    assert queue.is_idle
    queue.show("seen")
    queue.drop()
    assert queue.gives_way(seen)
    assert queue.is_idle


def test_closing_ends_the_wait():
    queue = ImageQueue()
    ended: list[Job | None] = []
    thread = threading.Thread(target=lambda: ended.append(queue.take()))
    thread.start()
    queue.close()
    thread.join(5)
    assert ended == [None]


def test_a_hundred_thousand_images_are_quick():
    queue = ImageQueue()
    assert queue.add(Kind.BULK, (f"{number}.png" for number in range(100_000))) == 100_000
    assert len(drain(queue)) == 100_000
