# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Packages for Debian and its relatives, split as these are used to: `./dev packages` makes and tries them.
#
# What goes where is decided by the COMPONENT of each install(); what has none is in
# that which KDEInstallDirs names after the project.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME interprocessqt)
set(CPACK_PACKAGE_VENDOR "InterprocessQt contributors")
set(CPACK_PACKAGE_CONTACT "InterprocessQt contributors <interprocessqt@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSES/MIT.txt")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL InterprocessQt Devel)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Which libraries a program was linked to is read from the program.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/bin") # where our own is, which no package has yet
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)

set(runtime_package "libinterprocessqt${INTERPROCESSQT_SOVERSION}")
set(same_version "(= ${PROJECT_VERSION})")

set(CPACK_DEBIAN_INTERPROCESSQT_PACKAGE_NAME "${runtime_package}")
set(CPACK_COMPONENT_INTERPROCESSQT_DESCRIPTION "The library that programs are linked to.")
# Programs that are built with this library, and packaged, find here what they depend on.
set(CPACK_DEBIAN_INTERPROCESSQT_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")

set(CPACK_DEBIAN_DEVEL_PACKAGE_NAME libinterprocessqt-dev)
set(CPACK_DEBIAN_DEVEL_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVEL_PACKAGE_DEPENDS "${runtime_package} ${same_version}, qt6-base-dev (>= ${INTERPROCESSQT_QT_MINIMUM})")
set(CPACK_COMPONENT_DEVEL_DESCRIPTION "Headers, and the files of CMake and pkg-config, to build programs with.")

if(interprocessqt_qml)
    list(APPEND CPACK_COMPONENTS_ALL Qml)
    # Who compiles QML with qmltc links to a library in it, and nobody else who builds programs needs it.
    set(CPACK_DEBIAN_DEVEL_PACKAGE_SUGGESTS "qml6-module-interprocessqt ${same_version}")
    set(CPACK_DEBIAN_QML_PACKAGE_NAME qml6-module-interprocessqt)
    set(CPACK_DEBIAN_QML_PACKAGE_DEPENDS "${runtime_package} ${same_version}")
    # Nearly every file in QML imports QtQml, which in turn imports the other two.
    set(CPACK_DEBIAN_QML_PACKAGE_RECOMMENDS "qml6-module-qtqml, qml6-module-qtqml-models, qml6-module-qtqml-workerscript")
    set(CPACK_COMPONENT_QML_DESCRIPTION "The QML module: import InterprocessQt.")
endif()

if(BUILD_EXAMPLES)
    list(APPEND CPACK_COMPONENTS_ALL Examples)
    set(CPACK_DEBIAN_EXAMPLES_PACKAGE_NAME interprocessqt-examples)
    set(CPACK_DEBIAN_EXAMPLES_PACKAGE_SECTION misc)
    set(CPACK_DEBIAN_EXAMPLES_PACKAGE_DEPENDS "${runtime_package} ${same_version}")
    set(CPACK_COMPONENT_EXAMPLES_DESCRIPTION "Programs that show what the library does: interprocessqt-tour and others.")
endif()

if(TARGET interprocessqt-chat)
    list(APPEND CPACK_COMPONENTS_ALL QmlExamples)
    set(CPACK_DEBIAN_QMLEXAMPLES_PACKAGE_NAME interprocessqt-examples-qml)
    set(CPACK_DEBIAN_QMLEXAMPLES_PACKAGE_SECTION misc)
    # What is imported by files in QML, and by what these import, is not read from a program.
    string(JOIN ", " qml_examples_need
        "${runtime_package} ${same_version}"
        "qml6-module-interprocessqt ${same_version}"
        qml6-module-qtqml
        qml6-module-qtqml-models
        qml6-module-qtqml-workerscript
        qml6-module-qtquick
        qml6-module-qtquick-controls
        qml6-module-qtquick-layouts
        qml6-module-qtquick-templates
        qml6-module-qtquick-window
    )
    set(CPACK_DEBIAN_QMLEXAMPLES_PACKAGE_DEPENDS "${qml_examples_need}")
    set(CPACK_COMPONENT_QMLEXAMPLES_DESCRIPTION "Programs with windows: interprocessqt-chat, interprocessqt-monitor and others.")
endif()

include(CPack)
