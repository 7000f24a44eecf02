# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Included by the steps of the package test.

cmake_minimum_required(VERSION 3.22)

# Where the package is found by the programs that use it, and where it was installed before it was moved there.
set(prefix "${WORK_FOLDER}/prefix")
set(first_prefix "${WORK_FOLDER}/prefix-before-the-move")

# run(<what this is> <command>...): stops with the output of the command if it fails. Leaves its output in ${output}.
function(run what)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
    if(NOT result EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${what} failed (${result}): ${command}\n${output}\n${errors}")
    endif()
    string(STRIP "${output}" output)
    set(output "${output}" PARENT_SCOPE)
endfunction()
