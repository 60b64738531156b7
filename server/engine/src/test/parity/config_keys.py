"""Writes the keys of the configuration classes of transformers, with their defaults, for the types of the recorded cases."""

import dataclasses
import inspect
import json
import re
import typing
from pathlib import Path

import transformers
from transformers import PretrainedConfig
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

RESOURCES = Path(__file__).parent.parent / "resources"
LEGACY = re.compile(r"""kwargs\.(?:pop|get)\(\s*["'](\w+)["']""")
"""Keys of older files, which a class reads without a field of its own."""


def types_of_cases() -> list[str]:
    """Types of models, and of the text models inside them."""
    types = set()
    for file in RESOURCES.glob("parity/*/config.json"):
        config = json.loads(file.read_text(encoding="utf-8"))
        types |= {config["model_type"], config.get("text_config", {}).get("model_type", config["model_type"])}
    return sorted(types & {*CONFIG_MAPPING.keys()})


def keys(config: type[PretrainedConfig]) -> dict[str, object]:
    """Defaults by key; null for those that the class computes or that have no field."""
    fields = {field.name: field for field in dataclasses.fields(config)} if dataclasses.is_dataclass(config) else {}
    found = {}
    for owner in reversed(config.__mro__):
        if not issubclass(owner, PretrainedConfig) or owner is PretrainedConfig:
            continue
        found |= {name: plain(fields[name].default if name in fields else None) for name, kind in owner.__dict__.get("__annotations__", {}).items()
                  if not name.startswith(("_", "base_model_", "sub_configs")) and typing.get_origin(kind) is not typing.ClassVar}
        found |= dict.fromkeys(LEGACY.findall(inspect.getsource(owner)))
    return found | dict.fromkeys(config.attribute_map)


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value if isinstance(value, (bool, int, float, str, list, dict)) else None


def main() -> None:
    lines = [f"# Keys of the configuration classes of transformers {transformers.__version__} with their defaults (config_keys.py)."]
    for model_type in types_of_cases():
        for key, default in sorted(keys(CONFIG_MAPPING[model_type]).items()):
            lines.append(f"{model_type}\t{key}\t{json.dumps(default)}")
    (RESOURCES / "reference" / "config-keys.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
