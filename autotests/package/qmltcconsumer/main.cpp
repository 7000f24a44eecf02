// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "greeting.h"

#include <QCoreApplication>
#include <QQmlEngine>
#include <QTemporaryDir>
#include <QTimer>

// Of newer versions of Qt the class is in a namespace, which has the name of its module.
namespace Consumer
{
}
using namespace Consumer;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QQmlEngine engine;
    engine.addImportPath(app.arguments().value(1));
    const QTemporaryDir folder;
    Greeting greeting(&engine);
    greeting.server()->setAddress(folder.filePath("greeting"));
    greeting.socket()->setAddress(folder.filePath("greeting"));
    QObject::connect(&greeting, &Greeting::receivedChanged, &app, &QCoreApplication::quit);
    QTimer::singleShot(20000, &app, [] {
        QCoreApplication::exit(1);
    });
    const int code = app.exec();
    return greeting.received() == "hello" ? code : 1;
}
