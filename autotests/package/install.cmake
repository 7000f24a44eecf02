# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Installs the package, checks that nothing is missing and that nothing points back to where it was built, and moves it.

include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(REMOVE_RECURSE "${first_prefix}" "${prefix}")
run("Installing" "${CMAKE_COMMAND}" --install "${BUILD_FOLDER}" --prefix "${first_prefix}" --config "${CONFIG}")

set(expected
    "${LIBRARY_FOLDER}/cmake/InterprocessQt/InterprocessQtConfig.cmake"
    "${LIBRARY_FOLDER}/cmake/InterprocessQt/InterprocessQtConfigVersion.cmake"
    "${LIBRARY_FOLDER}/cmake/InterprocessQt/InterprocessQtTargets.cmake"
    "${LIBRARY_FOLDER}/pkgconfig/InterprocessQt.pc"
    "${INCLUDE_FOLDER}/InterprocessQt/interprocessqt_export.h"
    "${INCLUDE_FOLDER}/InterprocessQt/interprocessqt_version.h"
    "${SHARE_FOLDER}/qlogging-categories6/interprocessqt.categories"
)
# Each public header, and the one without extension that users include.
file(GLOB headers RELATIVE "${SOURCE_FOLDER}/include" "${SOURCE_FOLDER}/include/InterprocessQt/*.h")
if(NOT headers)
    message(FATAL_ERROR "There are no public headers in ${SOURCE_FOLDER}/include/InterprocessQt.")
endif()
foreach(header IN LISTS headers)
    string(REGEX REPLACE "\\.h$" "" forwarder "${header}")
    list(APPEND expected "${INCLUDE_FOLDER}/${header}" "${INCLUDE_FOLDER}/${forwarder}")
endforeach()

set(missing "")
foreach(file IN LISTS expected)
    if(NOT EXISTS "${first_prefix}/${file}")
        string(APPEND missing "\n  ${file}")
    endif()
endforeach()
if(missing)
    message(FATAL_ERROR "Not installed:${missing}")
endif()

# Private headers are not to be found by anybody.
foreach(file IN ITEMS interprocessqt_config.h interprocessqt_debug.h)
    file(GLOB_RECURSE leaked "${first_prefix}/${file}" "${first_prefix}/*/${file}")
    if(leaked)
        message(FATAL_ERROR "Private, but installed: ${leaked}")
    endif()
endforeach()
file(GLOB_RECURSE leaked "${first_prefix}/*_p.h" "${first_prefix}/*InterprocessQtInternals*")
if(leaked)
    message(FATAL_ERROR "Private, but installed: ${leaked}")
endif()

file(GLOB_RECURSE texts
    "${first_prefix}/${INCLUDE_FOLDER}/*" "${first_prefix}/*.cmake" "${first_prefix}/*.pc" "${first_prefix}/*.categories")
foreach(file IN LISTS texts)
    file(READ "${file}" content)
    foreach(folder IN ITEMS "${SOURCE_FOLDER}" "${BUILD_FOLDER}")
        string(FIND "${content}" "${folder}" position)
        if(NOT position EQUAL -1)
            message(FATAL_ERROR "${file} names ${folder}, which only exists on this machine.")
        endif()
    endforeach()
endforeach()

file(RENAME "${first_prefix}" "${prefix}")
