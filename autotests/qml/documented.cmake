# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# cmake -DTYPES=<.qmltypes> -DMANUAL=<doc/src> -P documented.cmake
#
# Whatever the QML module itself adds to the classes of C++, and each type, is in the manual. For C++ the manual
# itself is checked when it is written.

cmake_minimum_required(VERSION 3.22)

# The manual: one entry for each type and for each "Type::member", and what a type has from another one.
file(GLOB pages "${MANUAL}/qml*.qdoc")
set(documented "")
foreach(page IN LISTS pages)
    file(STRINGS "${page}" lines REGEX "\\\\(qmltype|inherits|qmlproperty|qmlmethod|qmlsignal) ")
    foreach(line IN LISTS lines)
        if(line MATCHES "\\\\qmltype ([A-Za-z]+)")
            set(type "${CMAKE_MATCH_1}")
            list(APPEND documented "${type}")
        elseif(line MATCHES "\\\\inherits ([A-Za-z]+)")
            set(base_of_${type} "${CMAKE_MATCH_1}")
        elseif(line MATCHES "([A-Za-z]+::[A-Za-z]+)")
            list(APPEND documented "${CMAKE_MATCH_1}")
        endif()
    endforeach()
endforeach()

file(STRINGS "${TYPES}" lines REGEX "^    Component {|\"InterprocessQt/[A-Z]|^        (Property|Signal|Method) |name: \"")
set(type "")
set(what "")
set(missing "")
set(found 0)
foreach(line IN LISTS lines)
    if(line MATCHES "^    Component {")
        set(type "")
        set(what "")
    elseif(line MATCHES "\"InterprocessQt/([A-Za-z]+) ")
        set(type "${CMAKE_MATCH_1}")
        # StreamDevice is there for its enumerations, and described in C++.
        if(NOT type STREQUAL "StreamDevice" AND NOT type IN_LIST documented)
            list(APPEND missing "${type}")
        endif()
    elseif(line MATCHES "^        (Property|Signal|Method) ")
        set(what "${CMAKE_MATCH_1}")
    endif()
    # What has no name in QML is a base or a value; those that are singletons or derived are types.
    if(type AND what AND line MATCHES "name: \"([A-Za-z]+)\"" AND NOT type STREQUAL "StreamDevice")
        set(name "${CMAKE_MATCH_1}")
        math(EXPR found "${found} + 1")
        # The signal of a property is described with it.
        if(NOT (what STREQUAL "Signal" AND name MATCHES "Changed$"))
            set(entries "${type}::${name}" "${base_of_${type}}::${name}")
            set(known OFF)
            foreach(entry IN LISTS entries)
                if(entry IN_LIST documented)
                    set(known ON)
                endif()
            endforeach()
            if(NOT known)
                list(APPEND missing "${type}::${name}")
            endif()
        endif()
        set(what "")
    endif()
endforeach()

if(found EQUAL 0)
    message(FATAL_ERROR "${TYPES} has no members: is it what it was?")
endif()
if(missing)
    list(REMOVE_DUPLICATES missing)
    list(JOIN missing "\n  " missing)
    message(FATAL_ERROR "Not in ${MANUAL}/qml*.qdoc:\n  ${missing}")
endif()
message(STATUS "${found} members are in the manual")
