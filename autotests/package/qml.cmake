# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Builds a program that has Qt alone, and runs it with the installed module in its import path; and one whose QML is compiled.

include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(module "${prefix}/${QML_FOLDER}/InterprocessQt")
foreach(file IN ITEMS qmldir InterprocessQtQml.qmltypes)
    if(NOT EXISTS "${module}/${file}")
        message(FATAL_ERROR "Not installed: ${module}/${file}")
    endif()
endforeach()

set(options "-DCMAKE_BUILD_TYPE=${CONFIG}" "-DCMAKE_CXX_COMPILER=${CXX}" "-DQt6_DIR=${QT_FOLDER}")
if(TOOLCHAIN)
    list(APPEND options "-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}")
endif()
# build_and_run(<folder> <what it needs of CMake>...)
function(build_and_run name)
    set(build "${WORK_FOLDER}/${name}")
    file(REMOVE_RECURSE "${build}")
    run("Configuring ${name}" "${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${CMAKE_CURRENT_LIST_DIR}/${name}" -B "${build}" ${options} ${ARGN})
    run("Building ${name}" "${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}")
    # What the plugin is linked with is found by the plugin itself, not by the environment.
    unset(ENV{LD_LIBRARY_PATH})
    run("Running ${name}" "${build}/bin/${name}" "${prefix}/${QML_FOLDER}")
endfunction()

build_and_run(qmlconsumer)
if(QMLTC)
    build_and_run(qmltcconsumer "-DCMAKE_PREFIX_PATH=${prefix}" "-DQML_FOLDER=${prefix}/${QML_FOLDER}")
endif()
