# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Whether what the public headers declare is in the reference. qdoc does not say what has no description at all: it leaves that out,
# also of its index, with which the headers are compared here. The headers are formatted, so that what belongs to a class is
# indented by four blanks.

cmake_minimum_required(VERSION 3.22)

file(STRINGS "${HTML}/interprocessqt.index" lines REGEX "fullname=\"InterprocessQt::")
set(described "")
foreach(line IN LISTS lines)
    if(line MATCHES "fullname=\"InterprocessQt::([A-Za-z~: ]+)\"")
        list(APPEND described "${CMAKE_MATCH_1}")
    endif()
endforeach()

set(missing "")
set(found 0)
file(GLOB headers "${HEADERS}/*.h")
foreach(header IN LISTS headers)
    file(STRINGS "${header}" lines)
    set(class "")
    set(access "")
    foreach(line IN LISTS lines)
        if(line MATCHES "^(class|struct) INTERPROCESSQT_EXPORT ([A-Za-z]+)")
            set(class "${CMAKE_MATCH_2}")
            set(access "${CMAKE_MATCH_1}")
            set(name "")
        elseif(line MATCHES "^(public|protected|private|Q_SIGNALS)")
            set(access "${CMAKE_MATCH_1}")
            continue()
        elseif(line MATCHES "^}")
            set(class "")
            continue()
        # Macros, comments, friends, and what is not to be used or has its description in Qt are not declarations that count.
        elseif(NOT class OR access MATCHES "private|class" OR NOT line MATCHES "^    [^ }/{]"
               OR line MATCHES "^    (Q_|QT_|friend |using |class |template)|= delete| override|bindable[A-Z]")
            continue()
        elseif(line MATCHES "^    (enum class|enum|struct) ([A-Za-z]+)")
            set(name "::${CMAKE_MATCH_2}")
        elseif(line MATCHES "operator bool\\(")
            set(name "::operator bool")
        elseif(line MATCHES "operator") # of copies and comparisons
            continue()
        elseif(line MATCHES "(~?[A-Za-z]+)\\(")
            set(name "::${CMAKE_MATCH_1}")
        elseif(line MATCHES "([A-Za-z]+)( = .*)?;$")
            set(name "::${CMAKE_MATCH_1}")
        else()
            continue()
        endif()
        math(EXPR found "${found} + 1")
        if(NOT "${class}${name}" IN_LIST described)
            string(APPEND missing "\n  ${class}${name}")
        endif()
    endforeach()
endforeach()

if(found LESS 200)
    message(FATAL_ERROR "There are only ${found} declarations in ${HEADERS}")
endif()
if(missing)
    message(FATAL_ERROR "Not described in the reference:${missing}")
endif()
message(STATUS "${found} declarations are described")
