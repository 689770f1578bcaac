import pytest
from websockets.frames import Opcode
from websockets.protocol import Protocol, Side, State

from messaging.hub import WIRE, text_event


@pytest.mark.parametrize("size", [0, 1, 115, 116, 65_525, 65_526])
def test_a_frame_made_once_is_what_the_protocol_asks_for(size: int) -> None:
    event = text_event({"é": "x" * size})
    client = Protocol(Side.CLIENT, state=State.OPEN)
    client.receive_data(event[WIRE])
    [frame] = client.events_received()
    assert (frame.opcode, frame.fin) == (Opcode.TEXT, True)
    assert bytes(frame.data).decode() == event["text"] == f'{{"é": "{"x" * size}"}}'
