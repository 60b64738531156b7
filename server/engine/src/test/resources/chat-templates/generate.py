"""Writes cases.json: templates, what they are given, and what transformers makes of them.

    python generate.py        (transformers 5.23.0, Jinja2 3.1.6)
"""

import json
import pathlib
import re
from datetime import datetime

from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).parent
NOW = datetime(2026, 3, 5, 14, 7, 9)
USER = {"role": "user", "content": " What is the capital of \"France\"? é 東京 <b> "}
CHATS = [
    [USER],
    [{"role": "system", "content": "Be brief. "}, USER],
    [USER, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nParis."}, {"role": "user", "content": "And of Japan?"}],
    [{"role": "system", "content": "Be\nbrief."}, USER, {"role": "assistant", "content": "Paris"}, {"role": "user", "content": ""}],
    [USER, USER],
    [{"role": "assistant", "content": "First"}],
    [{"role": "tool", "content": "[1, 2]"}],
    [USER, {"role": "user", "content": [{"type": "text", "text": " parts "}, {"type": "image"}]}],
    [],
]
EXPRESSIONS = r"""
none|true|false|1|-1|1.0|1e20|1.5e-7|123456789.0|1234567890123456.0|1e16|0.0001|0.00001|1_000|'a'|"a\tb\x41\u00e9\\\'"|'a' 'b'|[]|[1, 'a', none, true]|{'a': 1, 'b': [2.5]}|(1, 2)|(1,)|()|1, 2
1 + 2|1 + 2.0|'a' + 'b'|[1] + [2]|1 - 3|2 * 3|'ab' * 3|3 * 'ab'|[0] * 3|7 / 2|6 / 2|7 // 2|-7 // 2|7 % 3|-7 % 3|7.5 % 2|2 ** 10|2 ** -1|-2 ** 2|true + 1|1 / 0|1 // 0|1 % 0|'a' + 1|1 + 'a'|none + 1|'a' - 'b'
1 ~ 2|'a' ~ none ~ true ~ 1.0|'x' ~ missing ~ 'y'|[1] ~ {'a': 'b"c'}|"it's" ~ ["it's", 'a"b', 'a\'b"c', 'tab\t', 'é\x00\u200b']
1 == 1.0|1 == true|'a' == 'a'|[1, 2] == [1, 2.0]|(1, 2) == [1, 2]|{'a': 1} == {'a': 1.0}|none == none|missing == missing|missing == 1|1 != 2|'a' < 'b'|1 < 2 < 3|1 < 3 < 2|'a' < 1|none < 1|'\U0001F600' > '\uffff'
'a' in 'abc'|'d' not in 'abc'|1 in [1, 2]|'a' in {'a': 1}|1 in 'abc'|'a' in missing|not 1|not ''|1 and 2|0 or 'x'|'' and 1|1 if true|1 if false|1 if false else 2|(1 if false) is defined|1 if 0 else 2 if 0 else 3
'abc'[0]|'abc'[-1]|'abc'[5]|'a東🙂c'[2]|'a東🙂c'[1:3]|'abcdef'[::-1]|'abcdef'[::2]|'abcdef'[4:1:-1]|'abc'[1:]|'abc'[:-1]|'abc'[-2:]|'abc'[10:]|[1,2,3][1:]|[1,2,3][::-1]|[1,2,3][-1]|[1,2,3][3]|[1, 2][0:1][0]|'abc'[::0]|[1,2].0|[[1, 2], [3]][0][1]
{'a': 1}['a']|{'a': 1}.a|{'a': 1}.b|{'a': 1}['b'] is defined|{'a': 1}.b.c|{'a': 1}.get('a')|{'a': 1}.get('b')|{'a': 1}.get('b', 2)|{'a': 1}.items() | list|{'a': 1}.keys() | list|{'a': 1}.values() | list|{'items': 1}['items']|{1: 'x'}[1]|{1: 'x'}[true]|{1: 'x'}[1.0]|{[1]: 2}|{'a': 1, 'a': 2}|missing|missing.x|missing['x']|missing()|missing[1:]|missing + 1|-missing|'a'()
' a '.strip()|'xxaxx'.strip('x')|' a'.lstrip()|'a '.rstrip() ~ '|'|'a,b,,c'.split(',')|'a b  c '.split()|' a b'.split()|'a b c'.split(none, 1)|'a b c'.split(' ', 1)|'a b c'.rsplit(' ', 1)|'a b c'.rsplit(' ')|''.split()|''.split(',')|'abc'.split('')|'a\nb\r\nc\n'.splitlines()|''.splitlines()
'abc'.startswith('ab')|'abc'.endswith('bc')|'abc'.startswith(('x', 'a'))|'abc'.startswith(1)|'aBc'.upper()|'ABC'.lower()|"they're bill's".title()|'aBC'.capitalize()|'ß'.upper()|'aaa'.replace('a', 'b')|'aaa'.replace('a', 'b', 2)|'abc'.replace('', '-')|'-'.join(['a', 'b'])|'-'.join([1])|'abcabc'.find('c')|'abc'.find('x')|'abcabc'.rfind('c')|'abc'.index('x')|'東京a'.find('a')|'aaa'.count('a')|'aaa'.count('aa')|'12'.isdigit()|'a1'.isdigit()|''.isdigit()|' '.isspace()|'ab'.isalpha()|'abc'.removeprefix('a')|'abc'.removesuffix('c')|'Ab'.islower()|'AB'.isupper()
'abc' | length|'a東🙂' | length|[1,2] | count|{'a': 1} | length|missing | length|1 | length|' a ' | trim|'xax' | trim('x')|[1] | trim|missing | trim|none | trim|'a' | upper|'A' | lower|'aBC dEF' | capitalize|'aBC dEF' | title|'hello' | replace('l', 'L')|'hello' | replace('l', 'L', 1)
[1,2,3] | first|[1,2,3] | last|[] | first|[] | last|'abc' | first|'abc' | list|[1,2] | reverse | list|'abc' | reverse|[1, 'b', none] | join|[1,2] | join(', ')|[{'a': 1}, {'a': 2}] | join('-', attribute='a')|missing | default('x')|'' | default('x')|'' | default('x', true)|none | default('x')|none | d('x', boolean=true)|missing | d
'12' | int|'x' | int|'x' | int(default=5)|'3.7' | int|3.7 | int|'1.5' | float|2 | float|'x' | float|-3 | abs|-3.5 | abs|1 | string|none | string|[1] | string|'<a & "b">' | e|'a\nb\n\nc' | indent|'a\nb' | indent(2, true)|'a\n\nb' | indent(1, blank=true)
[{'a': 1}, {'a': 2}] | map(attribute='a') | list|[{'a': 1}, {}] | map(attribute='a', default=0) | list|['a', 'b'] | map('upper') | list|[0, 1, 2] | select | list|[0, 1, 2] | reject | list|[1, 2, 3] | select('odd') | list|[1, 2, 3] | reject('gt', 1) | list|[{'r': 'u'}, {'r': 'a'}] | selectattr('r', 'equalto', 'u') | list|[{'r': 'u'}, {'r': 'a'}] | rejectattr('r', 'eq', 'u') | list|[{'r': 'u'}, {}] | selectattr('r') | list|[{'r': {'x': 1}}] | map(attribute='r.x') | list|[{'r': 'u'}, {}] | selectattr('r', 'defined') | list|[{'a': [1]}] | map(attribute='a.0') | list
messages | tojson|'é<b>\n"\\\u2028\x7f' | tojson|{'a': [1, 2.0, none, true], 'b': {}} | tojson|{'a': [1, {'b': []}], 'c': {}} | tojson(indent=2)|{'b': 1, 'a': 2} | tojson(sort_keys=true)|'é🙂' | tojson(ensure_ascii=true)|[1, 2] | tojson(separators=(',', ':'))|missing | tojson|[] | tojson(indent=4)|{1: 2} | tojson
1 is defined|missing is defined|missing is undefined|none is none|1 is none|'a' is string|1 is string|1 is number|true is number|true is boolean|1 is integer|true is integer|1.0 is float|{} is mapping|[] is sequence|'a' is sequence|{} is sequence|1 is iterable|missing is iterable|[] is iterable|true is true|1 is true|false is false|3 is odd|3 is even|4 is divisibleby 2|4 is divisibleby(3)|'a' is lower|'A' is upper|1 is eq 1|1 is equalto 2|1 is not eq 2|1 is in [1]|'x' is not in 'abc'|range is callable|1 is not none|not 1 is none|1 is gt 0
range(3) | list|range(1, 4) | list|range(5, 0, -2) | list|range(0) | list|dict(a=1)|dict({'a': 1}, b=2)|strftime_now('%d %B %Y %H:%M')|strftime_now('%Y-%m-%d %A %b %y %j %p %I %S %%')|raise_exception('no')|namespace(a=1).a|namespace(a=1).b is defined
''.__class__|''.__class__.__mro__|messages.__class__|[].append(1)|{}.update({})|''.class|''.getClass()|messages.size()|messages[0].content.bytes|(1).__add__|[].sort()|{}.pop('a')|{}.clear()|namespace(__class__=1)
1 +|(1|[1|{'a' 1}|1 2|'a|a b|{{|1 is|1 |1 | nosuch|1 is nosuch|a.|a[|)|}}|1..2|@|$|`
messages|messages[0]|messages[0].items() | list|messages | length|messages[-1]['content']|add_generation_prompt|bos_token|tools|tools is none|tools is defined|documents
""".strip("\n")
STATEMENTS = [
    "a\n{% if true %}\nb\n{% endif %}\nc\n", "a\n  {% if true %}  \n b\n  {%- endif -%}  \n c", "  {%+ if true %}\nx{% endif +%}\ny", "{{ 1 }}\n{{ 2 }}\n",
    "a {#- note -#} b\n  {# note #}\nc", "{% raw %}{{ x }}{% y %}{% endraw %}z", "a {%- raw -%} {{ x }} {%- endraw -%} b", "{{ '%}' }}{% if '%}' %}{{ '}}' }}{% endif %}",
    "a\r\nb\rc{{ '\\r' }}\n", "x\n\n", "{%- if true -%}\n\n y \n{%- endif %}\n", "   {{ 1 }}   \n", "{{- 1 -}}  x", "x  {{- 1 }} {{ 2 -}}\n\n y",
    "{% for i in [1,2,3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for i in [] %}x{% else %}none{% endfor %}", "{% for a, b in [(1, 2), [3, 4]] %}{{ a }}-{{ b }};{% endfor %}", "{% for k, v in {'x': 1, 'y': 2}.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in {'x': 1} %}{{ k }}{% endfor %}", "{% for c in 'a東' %}{{ c }};{% endfor %}", "{% for i in missing %}x{% endfor %}", "{% for i in none %}x{% endfor %}", "{% for i in 3 %}x{% endfor %}",
    "{% for i in range(6) if i % 2 %}{{ i }}{{ loop.length }}{% endfor %}", "{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in [1, 2] %}{% for j in [1, 2] %}{{ loop.index }}{{ loop.depth }}{% endfor %}{{ loop.index }}{% endfor %}", "{% for i in [1, 1, 2] %}{% if loop.changed(i) %}{{ i }}{% endif %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for i in [1,2,3] %}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}", "{% for a, b in [1] %}{% endfor %}", "{{ loop }}", "{% break %}", "{% for i in [1] %}{% macro f() %}{% break %}{% endmacro %}{% endfor %}",
    "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}", "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}", "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set x = 1, 2 %}{{ x }}",
    "{% set ns = namespace(n=0) %}{% for i in [1,2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "{% set x.y = 1 %}", "{% set x = {} %}{% set x.y = 1 %}", "{% set x %}a {{ 1 }}\n{% endset %}[{{ x }}]", "{% set x | upper | trim %} a {% endset %}[{{ x }}]",
    "{% macro f(a, b=2) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{% set c = 3 %}{{ f(1) }}{{ f(1, 3) }}{{ f(b=1, a=2) }}{{ f() }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(x=2) }}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% macro f() %}x{% endmacro %}{{ f() + 'y' }}{{ f() | upper }}{{ f() | length }}",
    "{% filter upper %}a{{ 'b' }}{% endfilter %}", "{% generation %}x{% endgeneration %}y", "{% if missing %}a{% elif 0 %}b{% elif 1 %}c{% else %}d{% endif %}", "{% if missing is not defined %}a{% endif %}",
    "{% if true %}", "{% endif %}", "{% for %}", "{% for x in %}{% endfor %}", "{% set %}", "{% nosuch %}", "{% if 1 %}{% endfor %}", "{{ }}", "{% %}", "{# x", "{{ 1", "{% if 1", "{% set x = 1 %}{% set x = x + 1 %}{{ x }}", "}} %} #}",
    "{% set messages = messages[1:] %}{{ messages | length }}", "{% for m in messages %}{{ m.role }}{% if not loop.last %},{% endif %}{% endfor %}", "{{ messages[0]['content'][:5] + '...' }}", "{{ 'a' if messages | length > 1 else 'b' }}", "{{ ('a' ~ 1) | upper }}{{ 'a' ~ 1 | string }}{{ -1 | abs }}{{ 2 * 3 | string }}", "{{ (messages | last).role }}",
]
# What transformers renders and this product refuses by name, so that nobody gets a wrong prompt.
REFUSED = [
    "{{ [3, 1, 2] | sort }}", "{{ 2 is sameas 2 }}", "{% raw %}", "{{ range }}", "{{ namespace }}", "{{ '{0.__class__}'.format(1) }}", "{{ [1, 1] | unique | list }}", "{{ '%s' % 1 }}", "{{ 'x{}'.format(1) }}", "{% call f() %}{% endcall %}", "{% with %}{% endwith %}", "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}",
    "{% block x %}{% endblock %}", "{% for x in [] recursive %}{% endfor %}", "{{ [1, 2] | sum }}", "{{ {'a': 1}.items() }}", "{{ f(*[1]) }}", "{{ 10 ** 30 }}", "{{ 'a' | wordcount }}", "{{ strftime_now('%c') }}", "{% do 1 %}",
]


def rendered(template: str, variables: dict) -> dict:
    case = {"template": template, "variables": variables}
    try:
        return {**case, "output": chat_template_utils._compile_jinja_template(template).render(**variables)}
    except Exception as error:
        return {**case, "error": str(error)[:200]}


class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


if __name__ == "__main__":
    chat_template_utils.datetime = Clock
    cases = []
    for file in sorted((HERE / "templates").glob("*.jinja")):
        for chat in CHATS:
            for add in (True, False):
                cases.append(rendered(file.read_text(), {
                    "messages": chat, "tools": None, "documents": None, "add_generation_prompt": add, "bos_token": "<s>", "eos_token": "</s>"}))
    given = {"messages": CHATS[2], "tools": None, "documents": None, "add_generation_prompt": True, "bos_token": "<s>"}
    # Two bars and filters share a sign: expressions are apart by a bar without spaces around it.
    for line in EXPRESSIONS.splitlines():
        for expression in re.split(r"(?<! )\|(?! )", line):
            cases.append(rendered("{{ " + expression + " }}", given))
    for statement in STATEMENTS:
        cases.append(rendered(statement, given))
    (HERE / "cases.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
    (HERE / "refused.json").write_text("[\n" + ",\n".join(json.dumps(template) for template in REFUSED) + "\n]\n")
    print(len(cases), sum("error" in case for case in cases))
