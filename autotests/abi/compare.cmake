# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Compares the symbols that LIBRARY exports with those in LIST, or with UPDATE writes them there.

cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND "${NM}" --dynamic --defined-only --demangle "${LIBRARY}"
    OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)

# One line is an address, a kind and a name. Weak symbols come from inline functions and templates: each program has its own,
# and which ones there are is up to the compiler. So is whether tables of virtual functions and information on
# types are weak.
string(REPLACE ";" "\\;" output "${output}")
string(REPLACE "[" "(" output "${output}") # CMake does not split lists within brackets
string(REPLACE "]" ")" output "${output}")
string(REPLACE "\n" ";" lines "${output}")
set(symbols "")
foreach(line IN LISTS lines)
    if(NOT line MATCHES " (typeinfo|typeinfo name|vtable) for " AND line MATCHES "^[0-9a-f]+ [TDRB] (.*InterprocessQt::.*)$")
        list(APPEND symbols "${CMAKE_MATCH_1}")
    endif()
endforeach()
if(NOT symbols)
    message(FATAL_ERROR "${LIBRARY} exports nothing.")
endif()
list(REMOVE_DUPLICATES symbols) # each constructor is there twice
list(SORT symbols)

if(UPDATE)
    list(JOIN symbols "\n" text)
    file(WRITE "${LIST}" "${text}\n")
    return()
endif()

file(STRINGS "${LIST}" expected)
set(gone "${expected}")
list(REMOVE_ITEM gone ${symbols})
set(new "${symbols}")
list(REMOVE_ITEM new ${expected})
list(JOIN gone "\n    " gone_text)
list(JOIN new "\n    " new_text)
if(gone)
    message(FATAL_ERROR
        "Programs that use these cannot be started any more:\n    ${gone_text}\n"
        "If that is meant, it needs a new version (CONTRIBUTING.md), and ./dev abi writes the new list.\n")
endif()
if(new)
    message(FATAL_ERROR "New, and not yet promised to anybody:\n    ${new_text}\nIf it is meant, ./dev abi writes the new list.\n")
endif()
list(LENGTH symbols count)
message(STATUS "${count} symbols, as promised.")
