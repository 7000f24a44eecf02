# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Builds everything below this folder with the sanitizers that INTERPROCESSQT_SANITIZE names.

if(INTERPROCESSQT_SANITIZE)
    if(MSVC)
        message(FATAL_ERROR "INTERPROCESSQT_SANITIZE needs GCC or Clang.")
    endif()
    foreach(sanitizer IN LISTS INTERPROCESSQT_SANITIZE)
        if(NOT sanitizer MATCHES "^(address|undefined|leak|thread)$")
            message(FATAL_ERROR "INTERPROCESSQT_SANITIZE: '${sanitizer}' is none of address, undefined, leak, thread.")
        endif()
    endforeach()
    if("thread" IN_LIST INTERPROCESSQT_SANITIZE AND "address" IN_LIST INTERPROCESSQT_SANITIZE)
        message(FATAL_ERROR "INTERPROCESSQT_SANITIZE: 'thread' and 'address' exclude each other.")
    endif()

    list(JOIN INTERPROCESSQT_SANITIZE "," sanitizers)
    add_compile_options(-fsanitize=${sanitizers} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
    if("undefined" IN_LIST INTERPROCESSQT_SANITIZE)
        # A finding that only prints is a finding nobody sees.
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        # Clang puts the run-time part of the sanitizer into the program only, so a shared library has to leave those
        # symbols open.
        string(REPLACE "-Wl,--no-undefined" "" CMAKE_SHARED_LINKER_FLAGS "${CMAKE_SHARED_LINKER_FLAGS}")
        string(REPLACE "-Wl,--no-undefined" "" CMAKE_MODULE_LINKER_FLAGS "${CMAKE_MODULE_LINKER_FLAGS}")
    endif()
endif()

if(BUILD_FUZZERS)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "BUILD_FUZZERS needs Clang, this is ${CMAKE_CXX_COMPILER_ID}.")
    endif()
    if(NOT BUILD_TESTING)
        message(FATAL_ERROR "BUILD_FUZZERS needs BUILD_TESTING.")
    endif()
    # libFuzzer is led by which branches of the library an input takes.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
