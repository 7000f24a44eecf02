// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <QCoreApplication>
#include <QQmlApplicationEngine>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QQmlApplicationEngine engine;
    engine.addImportPath(application.arguments().value(1));
    QObject::connect(
        &engine,
        &QQmlApplicationEngine::objectCreationFailed,
        &application,
        [] {
            QCoreApplication::exit(1);
        },
        Qt::QueuedConnection);
    engine.load(QUrl::fromLocalFile(QStringLiteral(MAIN_FILE)));
    return application.exec();
}
