# SPDX-License-Identifier: MIT
lua5.4 -e 'print(_VERSION, 2^53, 7 // 2, "x" .. 1); local t = {} for i = 1, 5 do t[#t + 1] = i * i end print(table.concat(t, " "))
local f = io.popen("echo popen"); print(f:read("a")); print(os.getenv("HOME"), string.format("%5.1f", math.pi), ("abc"):rep(3, "-"))' 
