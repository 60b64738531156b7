# Sourced by checks of clients: page_block LANGUAGE FIRST_LINE [PAGE] gives the block that begins so, of docs/from-your-language.md unless
# another page is named. Needs $root.
page_block() {
  awk -v fence='```' -v opening='```'"$1" -v first="$2" '
    $0 == opening { getline; inside = index($0, first) == 1; found = found || inside }
    $0 == fence { inside = 0 }
    inside
    END { exit !found }' "$root/${3:-docs/from-your-language.md}"
}
