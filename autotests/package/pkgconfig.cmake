# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Builds and runs the consumer with nothing but a compiler and what pkg-config says.

include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

find_program(pkgconfig NAMES pkg-config pkgconf)
if(NOT pkgconfig)
    message("SKIPPED: there is no pkg-config here.")
    return()
endif()

cmake_path(CONVERT "${prefix}/${LIBRARY_FOLDER}/pkgconfig" TO_NATIVE_PATH_LIST search)
# Qt's own file, for a Qt that is not the one of the system: it is beside the folder of its CMake packages.
cmake_path(GET QT_FOLDER PARENT_PATH qt_libraries)
cmake_path(GET qt_libraries PARENT_PATH qt_libraries)
set(ENV{PKG_CONFIG_PATH} "${search}:${qt_libraries}/pkgconfig:$ENV{PKG_CONFIG_PATH}")

execute_process(COMMAND "${pkgconfig}" --exists Qt6Core RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message("SKIPPED: this Qt comes without files for pkg-config.")
    return()
endif()

run("Asking for the version" "${pkgconfig}" --modversion InterprocessQt)
if(NOT output STREQUAL VERSION)
    message(FATAL_ERROR "pkg-config says version '${output}', it is '${VERSION}'.")
endif()
run("Asking for the flags of the compiler" "${pkgconfig}" --cflags InterprocessQt)
separate_arguments(compiler_flags UNIX_COMMAND "${output}")
run("Asking for the flags of the linker" "${pkgconfig}" --libs InterprocessQt)
separate_arguments(linker_flags UNIX_COMMAND "${output}")

# It must be the package that was just installed; pkg-config writes its folder with ".." in it.
file(REAL_PATH "${prefix}/${INCLUDE_FOLDER}" wanted)
set(found FALSE)
foreach(flag IN LISTS compiler_flags)
    if(flag MATCHES "^-I(.*)$")
        file(REAL_PATH "${CMAKE_MATCH_1}" folder)
        if(folder STREQUAL wanted)
            set(found TRUE)
        endif()
    endif()
endforeach()
if(NOT found)
    message(FATAL_ERROR "pkg-config does not name ${wanted}: ${compiler_flags}")
endif()

set(build "${WORK_FOLDER}/consumer-pkgconfig")
file(REMOVE_RECURSE "${build}")
file(MAKE_DIRECTORY "${build}")
run("Compiling with pkg-config" "${CXX}" -std=c++20 -fPIC ${compiler_flags}
    "${CMAKE_CURRENT_LIST_DIR}/consumer/main.cpp" -o "${build}/consumer" ${linker_flags})

set(ENV{LD_LIBRARY_PATH} "${prefix}/${LIBRARY_FOLDER}:$ENV{LD_LIBRARY_PATH}")
run("Running the consumer" "${build}/consumer")
message(STATUS "${output}")
