# Sourced by checks of clients: page_block LANGUAGE FIRST_LINE gives the block of docs/from-your-language.md that begins so. Needs $root.
page_block() {
  awk -v fence='```' -v opening='```'"$1" -v first="$2" '
    $0 == opening { getline; inside = index($0, first) == 1; found = found || inside }
    $0 == fence { inside = 0 }
    inside
    END { exit !found }' "$root/docs/from-your-language.md"
}
