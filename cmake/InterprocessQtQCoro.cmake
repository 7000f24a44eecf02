# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# interprocessqt_qcoro: whether there is a QCoro that this compiler can use.

include(CheckCXXSourceCompiles)

find_package(QCoro6 QUIET COMPONENTS Core)
if(QCoro6Core_FOUND)
    set(CMAKE_REQUIRED_LIBRARIES QCoro6::Core)
    set(CMAKE_REQUIRED_FLAGS "-std=c++20")
    check_cxx_source_compiles([[
        #include <QCoroTask>
        QCoro::Task<> nothing() { co_return; }
        int main() { nothing(); }
    ]] HAVE_QCORO)
    unset(CMAKE_REQUIRED_LIBRARIES)
    unset(CMAKE_REQUIRED_FLAGS)
endif()
if(HAVE_QCORO)
    set(interprocessqt_qcoro ON)
else()
    message(STATUS "The example of coroutines is left out: there is no QCoro, or the compiler cannot use it")
endif()
