"""How far a form has been read: what is recent by name, the rest by its time."""

from enrollment.form_ports import MOST_DONE, FormState


def test_a_state_keeps_only_what_is_recent_and_forgets_nothing_by_it():
    times = [f"2026-11-23T07:{n // 2:02}:{n % 2 * 30:02}.5Z" for n in range(60)]
    state = FormState()
    for number, at in enumerate(times):
        state = state.with_done([f"{at} r{number}"])

    assert state.floor == "2026-11-23T07:19:30.5Z"
    assert [each.partition(" ")[0] for each in state.done] == times[times.index(state.floor) + 1 :]


def test_a_rush_is_remembered_up_to_a_bound():
    keys = [f"2026-11-23T07:00:00.{number:06}Z r{number}" for number in range(MOST_DONE + 50)]

    state = FormState().with_done(keys)

    assert len(state.done) == MOST_DONE
    assert state.floor == keys[49].partition(" ")[0]


def test_a_whole_second_is_before_its_own_fractions():
    state = FormState().with_done(["2026-11-23T07:00:00Z a", "2026-11-23T07:20:00.1Z b"])
    again = state.with_done(["2026-11-23T07:20:00Z c"])

    assert again.floor == "2026-11-23T07:00:00Z"
    assert again.done == ("2026-11-23T07:20:00Z c", "2026-11-23T07:20:00.1Z b")
