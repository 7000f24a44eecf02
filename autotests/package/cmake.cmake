# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Builds and runs the consumer with find_package(InterprocessQt).

include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(build "${WORK_FOLDER}/consumer-cmake")
file(REMOVE_RECURSE "${build}")

set(options
    "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DCMAKE_CXX_COMPILER=${CXX}"
    "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DEXPECTED_PREFIX=${prefix}"
    "-DEXPECTED_VERSION=${VERSION}"
    "-DSNIPPETS=${SOURCE_FOLDER}/examples/snippets"
    "-DQt6_DIR=${QT_FOLDER}"
)
if(TOOLCHAIN)
    list(APPEND options "-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}")
endif()

run("Configuring the consumer"
    "${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${build}" ${options})
run("Building the consumer" "${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}")
run("Running the consumer" "${build}/bin/consumer")
message(STATUS "${output}")
