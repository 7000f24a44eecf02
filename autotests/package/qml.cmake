# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Builds a program that has Qt alone, and runs it with the installed module in its import path.

include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(module "${prefix}/${QML_FOLDER}/InterprocessQt")
foreach(file IN ITEMS qmldir InterprocessQtQml.qmltypes)
    if(NOT EXISTS "${module}/${file}")
        message(FATAL_ERROR "Not installed: ${module}/${file}")
    endif()
endforeach()

set(build "${WORK_FOLDER}/consumer-qml")
file(REMOVE_RECURSE "${build}")
set(options "-DCMAKE_BUILD_TYPE=${CONFIG}" "-DCMAKE_CXX_COMPILER=${CXX}" "-DQt6_DIR=${QT_FOLDER}")
if(TOOLCHAIN)
    list(APPEND options "-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}")
endif()
run("Configuring the program" "${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${CMAKE_CURRENT_LIST_DIR}/qmlconsumer" -B "${build}" ${options})
run("Building the program" "${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}")
# What the plugin is linked with is found by the plugin itself, not by the environment.
unset(ENV{LD_LIBRARY_PATH})
run("Running the program" "${build}/bin/qmlconsumer" "${prefix}/${QML_FOLDER}")
