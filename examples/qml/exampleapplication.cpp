// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "exampleapplication.h"

#include <QQmlApplicationEngine>

ExampleApplication::ExampleApplication(int &argc, char **argv)
    : QGuiApplication(argc, argv)
{
    setOrganizationName(QStringLiteral("InterprocessQt"));
}

int ExampleApplication::run(const QString &module, const QVariantMap &properties, const std::function<void(QObject *window)> &prepare)
{
    QQmlApplicationEngine engine;
    engine.addImportPath(applicationDirPath()); // InterprocessQt, in the build folder
    engine.addImportPath(QStringLiteral("qrc:/")); // what the example consists of
    engine.setInitialProperties(properties);
    QObject::connect(
        &engine,
        &QQmlApplicationEngine::objectCreationFailed,
        this,
        [] {
            exit(1);
        },
        Qt::QueuedConnection);
    engine.load(QStringLiteral("qrc:/%1/Main.qml").arg(module));
    if (prepare && !engine.rootObjects().isEmpty())
        prepare(engine.rootObjects().constFirst());
    return exec();
}
