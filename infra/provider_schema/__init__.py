"""Google's Terraform provider as far as `terraform validate` and `terraform test` need it.

The provider itself comes from a registry that a build machine may not reach. Its schema is enough:
`google.json` holds the types that terraform/ uses, and `standin` serves them to terraform.
"""

import json
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("google.json")
ADDRESS = "hashicorp/google"


def committed_schema() -> dict[str, Any]:
    """What google.json holds: `source`, then what `terraform providers schema -json` prints."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text())
    return schema
