"""Records which files the library datasets finds in folders of many shapes.

    pip install datasets==5.2.0
    cd cli/src/test/resources/dev/stratalens/cli/corpus
    python record_folders.py > dataset-folders.json

Each folder is made of empty files and a README.md; the library only looks at their names. DatasetsLibraryTest makes the same
folders. A folder that the library refuses has "refused" and no splits.
"""

import json
import pathlib
import sys
import tempfile

import datasets
import fsspec


def configs(text):
    return "---\nlicense: mit\n" + text + "---\n# A dataset\n"


SHARDS = ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "data/test-00000-of-00001.parquet"]
TWO = ["de/train.jsonl", "de/test.jsonl", "en/train.jsonl"]
TWO_CONFIGS = """configs:
- config_name: de
  data_files:
  - {split: train, path: de/train.jsonl}
  - {split: test, path: de/test.jsonl}
- config_name: en
  data_files: en/*.jsonl
"""

# Name of a shape, files, README.md or None, configuration or None, and .huggingface.yaml if there is one.
SHAPES = [
    # without a head
    ("one file", ["rows.jsonl"], None, None),
    ("files without a split", ["b.csv", "a.csv", "sub/c.csv"], None, None),
    ("shards in data", SHARDS, None, None),
    ("shards with a fingerprint", ["data/train-00000-of-00001-0a1b2c3d4e5f.parquet"], None, None),
    ("shards of a split of another name", [*SHARDS, "data/extra_1-00000-of-00001.parquet"], None, None),
    ("shards win over names", [*SHARDS, "validation.parquet", "data/other.parquet"], None, None),
    ("shards elsewhere", ["train-00000-of-00001.parquet", "extra-00000-of-00001.parquet"], None, None),
    ("shards deeper", ["de/train-00000-of-00001.parquet", "de/test-00000-of-00001.parquet"], None, None),
    ("names of files", ["train.jsonl", "test.jsonl", "dev.jsonl"], None, None),
    ("names leave out the others", ["train.jsonl", "other.jsonl"], None, None),
    ("words in names", ["my-training_1.csv", "my.valid.csv", "1eval2.csv", "evaluations.csv"], None, None),
    ("case of words", ["Train.csv", "TEST.csv"], None, None),
    ("a word within a word", ["pretrain.csv", "contest.csv"], None, None),
    ("names of folders", ["train/a.csv", "test/a.csv", "validation/x/a.csv"], None, None),
    ("folders win over files", ["train/test.csv", "dev.csv"], None, None),
    ("folders with numbers", ["train_1/a.csv", "x-test/b.csv", "my dev 2/c.csv"], None, None),
    ("a folder of two splits", ["dev-test/a.csv"], None, None),
    ("a file of two splits", ["train_test.csv"], None, None),
    ("folders leave out files beside them", ["train/a.csv", "b.csv"], None, None),
    ("a folder without data decides", ["test/notes.pdf.png", "rows.csv"], None, None),
    ("a script in a folder of tests", ["test/check.py", "rows.csv"], None, None),
    ("hidden files", [".train.csv", "rows.csv", ".cache/other.csv"], None, None),
    ("special folders", ["__pycache__/rows.csv", "_half/more.csv", "_other.csv"], None, None),
    ("files that are no data", ["config.json", "dataset_info.json", "rows.json"], None, None),
    ("notes beside data", ["LICENSE.txt", "data/test-00000-of-00001.parquet"], None, None),
    ("notes beside names", ["LICENSE.txt", "test.parquet"], None, None),
    ("compressed", ["train.jsonl.gz", "test.jsonl.zst"], None, None),
    ("JSON and JSON lines", ["a.json", "b.jsonl", "c.ndjson"], None, None),
    ("folders of years", ["2019/a.csv", "2020/b.csv"], None, None),
    ("the same name in two folders", ["de/a.csv", "en/a.csv"], None, None),
    ("two formats", ["a.csv", "b.jsonl"], None, None),
    ("compressed otherwise", ["train.csv.bz2"], None, None),
    ("a file matched by two words", ["train/x-train/a.csv"], None, None),
    ("order of names", ["a-b.csv", "a/c.csv", "a.csv", "B.csv", "10.csv", "9.csv"], None, None),
    ("a split with dots", ["data/a.b-00000-of-00001.parquet"], None, None),
    ("a split with a dash", ["data/a-b-00000-of-00001.parquet"], None, None),
    ("a head without configurations", ["train.csv", "other.csv"], configs("tags: [a]\n"), None),
    ("a name where there are no configurations", ["train.csv"], None, "de"),
    ("the default where there are no configurations", ["train.csv"], None, "default"),
    # data_files
    ("a string", ["a.jsonl", "b.jsonl"], configs("configs:\n- config_name: x\n  data_files: a.jsonl\n"), None),
    ("a list", ["a.jsonl", "b.jsonl", "c.jsonl"], configs("configs:\n- config_name: x\n  data_files: [c.jsonl, a.jsonl]\n"), None),
    ("splits", TWO, configs(TWO_CONFIGS), "de"),
    ("a glob", TWO, configs(TWO_CONFIGS), "en"),
    ("a list of paths", ["a.csv", "b/c.csv", "b/d.csv"],
     configs("configs:\n- config_name: x\n  data_files:\n  - split: one\n    path: [b/*, a.csv]\n"), None),
    ("a file twice", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: [a.csv, '*.csv']\n"), None),
    ("two stars", ["a/b/c.csv", "a/d.csv", "e.csv"],
     configs("configs:\n- config_name: x\n  data_files: a/**/*.csv\n"), None),
    ("two stars at the end", ["a/b/c.csv", "a/d.csv", "e.csv"],
     configs("configs:\n- config_name: x\n  data_files: a/**\n"), None),
    ("two stars in a name", ["a/b/c.csv", "e.csv"],
     configs("configs:\n- config_name: x\n  data_files: '**.csv'\n"), None),
    ("one star is one folder", ["a/b/c.csv", "a/d.csv"],
     configs("configs:\n- config_name: x\n  data_files: '*/*'\n"), None),
    ("sets and question marks", ["a1.csv", "a2.csv", "b1.csv", "a10.csv", "a-.csv"],
     configs("configs:\n- config_name: x\n  data_files: ['[!b][1-]*.csv', 'b?.csv']\n"), None),
    ("a bracket alone", ["a[1.csv", "a1.csv"], configs("configs:\n- config_name: x\n  data_files: 'a[1.csv'\n"), None),
    ("braces are no pattern", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: '{a,b}.csv'\n"), None),
    ("a hidden file that is asked for", [".a/b.csv", "c.csv"],
     configs("configs:\n- config_name: x\n  data_files: ['.a/*', '*.csv']\n"), None),
    ("a special folder that is asked for", ["__a/b.csv", "c.csv"],
     configs("configs:\n- config_name: x\n  data_files: ['__a/*']\n"), None),
    ("a special folder that is not asked for", ["__a/b.csv", "c/d.csv"],
     configs("configs:\n- config_name: x\n  data_files: ['*/*']\n"), None),
    ("a file that is no data, asked for", ["config.json"],
     configs("configs:\n- config_name: x\n  data_files: config.json\n"), None),
    ("a dot before the path", ["a/b.csv"], configs("configs:\n- config_name: x\n  data_files: ./a/b.csv\n"), None),
    ("a folder as a path", ["a/b.csv"], configs("configs:\n- config_name: x\n  data_files: a\n"), None),
    ("a folder with a slash", ["a/b.csv"], configs("configs:\n- config_name: x\n  data_files: a/\n"), None),
    ("a file that is not there", ["a.csv"],
     configs("configs:\n- config_name: x\n  data_files:\n  - {split: a, path: a.csv}\n  - {split: b, path: b.csv}\n"), None),
    ("a glob that matches nothing", ["a.csv"],
     configs("configs:\n- config_name: x\n  data_files:\n  - {split: a, path: a.csv}\n  - {split: b, path: b*.csv}\n"), None),
    ("a glob among others that matches nothing", ["a.csv"],
     configs("configs:\n- config_name: x\n  data_files: [a.csv, 'b*.csv']\n"), None),
    ("other files that match", ["a/x.csv", "a/LICENSE", "a/notes.rst"],
     configs("configs:\n- config_name: x\n  data_files: a/*\n"), None),
    # data_dir
    ("a folder of its own", ["de/train.csv", "de/test.csv", "en/train.csv"],
     configs("configs:\n- config_name: de\n  data_dir: de\n- config_name: en\n  data_dir: en\n"), "de"),
    ("shards in a folder of its own", ["de/data/train-00000-of-00001.parquet", "de/data/new-00000-of-00001.parquet"],
     configs("configs:\n- config_name: de\n  data_dir: de\n"), None),
    ("a folder and patterns in it", ["de/a.csv", "a.csv", "b.csv"],
     configs("configs:\n- config_name: de\n  data_dir: de\n  data_files: '*.csv'\n"), None),
    ("a folder with a slash of its own", ["de/a.csv", "b.csv"],
     configs("configs:\n- config_name: de\n  data_dir: de/\n"), None),
    ("a folder whose name tells a split", ["test/a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_dir: test\n"), None),
    ("a folder that is not there", ["a.csv"], configs("configs:\n- config_name: x\n  data_dir: de\n"), None),
    ("neither files nor folder", ["train.csv", "de/other.csv"], configs("configs:\n- config_name: x\n"), None),
    # which configuration
    ("several, none the default", TWO, configs(TWO_CONFIGS), None),
    ("a name that is not there", TWO, configs(TWO_CONFIGS), "fr"),
    ("one is enough", ["a.csv"], configs("configs:\n- config_name: x\n  data_files: a.csv\n"), "y"),
    ("the one named default", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n- config_name: default\n  data_files: b.csv\n"), None),
    ("the one marked as the default", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n- config_name: y\n  data_files: b.csv\n  default: true\n"), None),
    ("two defaults", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: default\n  data_files: a.csv\n- config_name: y\n  data_files: b.csv\n  default: true\n"), None),
    ("two defaults and a name", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: default\n  data_files: a.csv\n- config_name: y\n  data_files: b.csv\n  default: true\n"), "y"),
    ("marked as none", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n  default: false\n- config_name: y\n  data_files: b.csv\n"), None),
    ("described alone", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n- config_name: y\n  data_files: b.csv\n"
             "dataset_info:\n  config_name: y\n  splits:\n  - {name: train, num_examples: 1}\n"), None),
    ("described, and no configurations", ["train.csv"],
     configs("dataset_info:\n  config_name: y\n  splits:\n  - {name: train, num_examples: 1}\n"), None),
    ("described together", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n- config_name: y\n  data_files: b.csv\n"
             "dataset_info:\n- config_name: y\n- config_name: x\n"), None),
    ("the same name twice", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n- config_name: x\n  data_files: b.csv\n"), None),
    ("a number as a name", ["a.csv"], configs("configs:\n- config_name: 2020\n  data_files: a.csv\n"), "2020"),
    ("YAML beside the head", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files: a.csv\n"), None,
     "configs:\n- config_name: y\n  data_files: b.csv\n"),
    # what is no head
    ("the same split twice", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files:\n  - {split: a, path: a.csv}\n  - {split: a, path: b.csv}\n"), None),
    ("paths and splits", ["a.csv", "b.csv"],
     configs("configs:\n- config_name: x\n  data_files:\n  - a.csv\n  - {split: b, path: b.csv}\n"), None),
    ("a split without a path", ["a.csv"], configs("configs:\n- config_name: x\n  data_files:\n  - {split: a}\n"), None),
    ("a split with a dash in its name", ["a.csv"],
     configs("configs:\n- config_name: x\n  data_files:\n  - {split: a-b, path: a.csv}\n"), None),
    ("files as a mapping", ["a.csv"], configs("configs:\n- config_name: x\n  data_files: {train: a.csv}\n"), None),
    ("no files in a list", ["a.csv"], configs("configs:\n- config_name: x\n  data_files: []\n"), None),
    ("no name", ["a.csv"], configs("configs:\n- data_files: a.csv\n"), None),
    ("a mapping of configurations", ["a.csv"], configs("configs:\n  x: {data_files: a.csv}\n"), None),
    ("no configurations in a list", ["train.csv", "b.csv"], configs("configs: []\n"), None),
    ("nothing in configs", ["train.csv", "b.csv"], configs("configs:\n"), None),
    ("no YAML", ["train.csv", "b.csv"], "---\nconfigs: [\n---\n", None),
    ("a head that does not end", ["train.csv", "b.csv"], "---\nconfigs: nothing\n", None),
    ("a head after text", ["train.csv", "b.csv"], "# Words\n" + configs(TWO_CONFIGS), None),
    ("a head after empty lines", TWO, "\n\n" + configs(TWO_CONFIGS), "en"),
    ("a head with carriage returns", TWO, configs(TWO_CONFIGS).replace("\n", "\r\n"), "en"),
    ("a head with a byte-order mark", TWO, "\ufeff" + configs(TWO_CONFIGS), "en"),
    ("names twice in the head", ["a.csv"], configs("configs:\n- config_name: x\n  data_files: a.csv\n  data_files: b.csv\n"), None),
    ("an alias", ["a.csv"], configs("configs:\n- config_name: x\n  data_files: &a a.csv\n- config_name: y\n  data_files: *a\n"), "y"),
]


def find(folder, name):
    try:
        builder = datasets.load_dataset_builder(str(folder), name=name)
        files = builder.config.data_files
        root = str(folder.resolve()) + "/"
        found = {str(split): [str(file).removeprefix(root) for file in of] for split, of in files.items()}
        return {"config": builder.config.name, "format": builder.name, "splits": found}
    except Exception as e:
        return {"refused": type(e).__name__}


def main():
    datasets.disable_progress_bars()
    shapes = []
    for title, files, readme, name, *yaml in SHAPES:
        with tempfile.TemporaryDirectory() as made:
            folder = pathlib.Path(made) / "dataset"
            for file in files:
                path = folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            if readme is not None:
                (folder / "README.md").write_bytes(readme.encode())
            for text in yaml:
                (folder / ".huggingface.yaml").write_text(text)
            shape = {"shape": title, "files": files}
            if readme is not None:
                shape["readme"] = readme
            if name is not None:
                shape["name"] = name
            for text in yaml:
                shape["yaml"] = text
            shapes.append({**shape, **find(folder, name)})
    versions = {"datasets": datasets.__version__, "fsspec": fsspec.__version__}
    lines = ",\n".join(json.dumps(shape, ensure_ascii=False) for shape in shapes)
    sys.stdout.write('{"versions": %s, "shapes": [\n%s\n]}\n' % (json.dumps(versions), lines))


if __name__ == "__main__":
    main()
