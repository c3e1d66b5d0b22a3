"""How far each form has been read, in SQLite."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database
from enrollment.clock import Deadline
from enrollment.form_ports import FormState, StoredForm
from enrollment.ports import Overtaken

STATE = TypeAdapter(FormState)


@dataclass(frozen=True)
class SqliteFormStates:
    """One row for each form."""

    database: Database

    def read(self, form_ids: Sequence[str], deadline: Deadline) -> Sequence[StoredForm]:
        """The states of these forms, in their order."""
        query = "select record, version from forms where id = ?"
        with self.database.reading(deadline) as connection:
            rows = [connection.execute(query, (each,)).fetchone() for each in form_ids]
        return [_stored(form_id, row) for form_id, row in zip(form_ids, rows, strict=True)]

    def write(self, seen: StoredForm, state: FormState, deadline: Deadline) -> StoredForm:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        text = STATE.dump_json(state).decode()
        version = seen.version if isinstance(seen.version, int) else 0
        with self.database.writing(deadline, durable=True) as connection:
            if version == 0:
                sql = "insert into forms values (?, ?, 1) on conflict (id) do nothing"
                done = connection.execute(sql, (seen.form_id, text))
            else:
                sql = "update forms set record = ?, version = version + 1"
                sql += " where id = ? and version = ?"
                done = connection.execute(sql, (text, seen.form_id, version))
            if done.rowcount != 1:
                raise Overtaken
        return StoredForm(seen.form_id, state, version + 1)


def _stored(form_id: str, row: tuple[str, int] | None) -> StoredForm:
    if row is None:
        return StoredForm(form_id, FormState(), None)
    with reading_record("the record of a form"):
        return StoredForm(form_id, STATE.validate_json(row[0]), row[1])
