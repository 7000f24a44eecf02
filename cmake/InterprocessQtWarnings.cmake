# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# interprocessqt_enable_warnings(<target>... [LIBRARY])
#
# The warnings we hold our own code to, on top of those of KDECompilerSettings. Headers of Qt and of the system are
# included with -isystem by CMake and are not concerned. Warnings become errors with INTERPROCESSQT_WERROR, which our
# presets switch on and which is off for everybody else: a newer compiler with a new opinion must not break a build
# that is not ours. LIBRARY adds what only the library is held to: the macros of Qt Test do not always pass it.
function(interprocessqt_enable_warnings)
    cmake_parse_arguments(PARSE_ARGV 0 ARG "LIBRARY" "" "")
    set(gcc_and_clang
        -Wall
        -Wextra
        -Wpedantic
        -Wcast-align
        -Wcast-qual
        -Wextra-semi
        -Wformat=2
        -Wimplicit-fallthrough
        -Wnon-virtual-dtor
        -Wold-style-cast
        -Woverloaded-virtual
        -Wshadow
        -Wundef
        -Wunused
    )
    set(gcc_only
        -Wduplicated-cond
        -Wlogical-op
        -Wsuggest-override
        # GCC 12 and 13 warn of every object on the stack whose address is kept for as long as it lives (see
        # src/stream/lifeguard_p.h), for they do not see that its destructor takes it back.
        -Wno-dangling-pointer
    )
    set(clang_only
        -Wdocumentation-html
        -Winconsistent-missing-override
        -Wunreachable-code-return
    )
    if(ARG_LIBRARY)
        list(APPEND gcc_and_clang -Wconversion)
    endif()
    foreach(target IN LISTS ARG_UNPARSED_ARGUMENTS)
        if(MSVC)
            target_compile_options(${target} PRIVATE /W4 $<$<BOOL:${INTERPROCESSQT_WERROR}>:/WX>)
        else()
            target_compile_options(${target} PRIVATE
                ${gcc_and_clang}
                "$<$<CXX_COMPILER_ID:GNU>:${gcc_only}>"
                "$<$<CXX_COMPILER_ID:Clang,AppleClang>:${clang_only}>"
                $<$<BOOL:${INTERPROCESSQT_WERROR}>:-Werror>
            )
        endif()
    endforeach()
endfunction()
