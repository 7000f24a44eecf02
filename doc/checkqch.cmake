# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Whether the file for Qt Assistant (QCH) has what the pages (HTML) have. It is a database of SQLite, in which the names of
# pages and the words of the index stand as they are; qhelpgenerator is content to make one with nothing in it.

cmake_minimum_required(VERSION 3.22)

file(STRINGS "${QCH}" texts)
if(NOT texts MATCHES "^SQLite format 3")
    message(FATAL_ERROR "${QCH} is not what Qt Assistant reads")
endif()
file(GLOB pages RELATIVE "${HTML}" "${HTML}/*.html")
list(LENGTH pages count)
if(count LESS 20)
    message(FATAL_ERROR "There are only ${count} pages in ${HTML}")
endif()
foreach(name IN LISTS pages ITEMS "LocalSocket" "waitForReadyRead" "Porting from QLocalSocket")
    string(FIND "${texts}" "${name}" position)
    if(position EQUAL -1)
        message(FATAL_ERROR "${QCH} does not have ${name}")
    endif()
endforeach()
message(STATUS "${QCH} has all ${count} pages")
