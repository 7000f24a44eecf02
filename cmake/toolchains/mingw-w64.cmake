# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Builds for 64-bit Windows on Debian, with its cross compiler (package g++-mingw-w64-x86-64-posix) and the moc and rcc
# of its own Qt, which must be of the same version as the Qt for Windows. Programs are run by Wine.
#
#   INTERPROCESSQT_WINDOWS_QT   where the Qt for Windows is: what tools/windows/build-qt has made, build/windows-qt by default

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

# The variant whose std::thread and std::mutex are those of POSIX threads: the other one of GCC 12 has none.
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# CMake reads this file again for each of its small test projects, which know nothing of the cache.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES INTERPROCESSQT_WINDOWS_QT)
if(NOT INTERPROCESSQT_WINDOWS_QT)
    set(INTERPROCESSQT_WINDOWS_QT "${CMAKE_CURRENT_LIST_DIR}/../../build/windows-qt")
endif()
get_filename_component(INTERPROCESSQT_WINDOWS_QT "${INTERPROCESSQT_WINDOWS_QT}" ABSOLUTE)
set(INTERPROCESSQT_WINDOWS_QT "${INTERPROCESSQT_WINDOWS_QT}" CACHE PATH "The Qt for Windows")

list(PREPEND CMAKE_FIND_ROOT_PATH "${INTERPROCESSQT_WINDOWS_QT}" /usr/x86_64-w64-mingw32)
list(PREPEND CMAKE_PREFIX_PATH "${INTERPROCESSQT_WINDOWS_QT}")
# Programs run here; libraries, headers and packages are those of Windows.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Of this machine nevertheless: the programs of its Qt, and the CMake modules of KDE, which are text.
set(QT_HOST_PATH /usr CACHE PATH "The Qt of this machine")
file(GLOB _interprocessqt_host_qt /usr/lib/*/cmake/Qt6HostInfo)
list(APPEND _interprocessqt_host_qt /usr/lib/cmake/Qt6HostInfo)
list(GET _interprocessqt_host_qt 0 _interprocessqt_host_qt)
get_filename_component(_interprocessqt_host_qt "${_interprocessqt_host_qt}" DIRECTORY)
set(QT_HOST_PATH_CMAKE_DIR "${_interprocessqt_host_qt}" CACHE PATH "The CMake files of the Qt of this machine")
set(ECM_DIR /usr/share/ECM/cmake CACHE PATH "The CMake modules of KDE")

# CTest puts this in front of each test.
set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/../../tools/windows/wine-run" CACHE STRING "Runs Windows programs")
