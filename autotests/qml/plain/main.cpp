// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Runs a file of tests in QML without Qt Quick, which Qt Quick Test needs: <file> <folder of modules>...

#include "runner.h"

#include <QCoreApplication>
#include <QQmlComponent>
#include <QQmlEngine>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() < 2) {
        qCritical("usage: interprocessqt_plainqmltests <file> <folder of modules>...");
        return 2;
    }
    Runner runner;
    qmlRegisterSingletonInstance("PlainRunner", 1, 0, "Runner", &runner);
    QQmlEngine engine;
    for (const QString &folder : arguments.mid(2))
        engine.addImportPath(folder);
    engine.addImportPath(QStringLiteral(PLAIN_FOLDER)); // in the place of the QtTest that may be installed
    QQmlComponent component(&engine, QUrl::fromLocalFile(arguments[1]));
    const std::unique_ptr<QObject> testCase(component.create());
    if (!testCase) {
        qCritical("%s", qPrintable(component.errorString()));
        return 2;
    }
    if (!QMetaObject::invokeMethod(testCase.get(), "runTests") || runner.count() == 0) {
        qCritical("There is no test in %s.", qPrintable(arguments[1]));
        return 2;
    }
    std::printf("Totals: %d of %d failed\n", runner.failures(), runner.count());
    return std::min(runner.failures(), 100);
}
