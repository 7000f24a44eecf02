// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef EXAMPLEAPPLICATION_H
#define EXAMPLEAPPLICATION_H

#include <QGuiApplication>
#include <QVariantMap>

#include <functional>

// What the examples with windows share: the module of the build folder is found, and the file Main.qml of a module shown.
class ExampleApplication : public QGuiApplication
{
public:
    ExampleApplication(int &argc, char **argv);

    // Runs until the window is closed; properties are those of the window to begin with. What is to be done with the window
    // before is done by prepare.
    int run(const QString &module, const QVariantMap &properties, const std::function<void(QObject *window)> &prepare = {});
};

#endif
