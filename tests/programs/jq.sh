# SPDX-License-Identifier: MIT
echo '{"b": [1, 2, {"c": null}], "a": "\u00e9"}' | jq -Sc '.b[2].c = (.b[0] + .b[1]), keys, (.b | length)' 
