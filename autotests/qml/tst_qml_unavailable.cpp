// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// What a system or a build does not have: the module can be imported, and the use of a type is an error that says why.

#include <QQmlComponent>
#include <QQmlEngine>
#include <QTest>

class tst_qml_unavailable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotInThisBuildSaysWhy_data();
    void whatIsNotInThisBuildSaysWhy();
    void whatIsNotElsewhereSaysWhy_data();
    void whatIsNotElsewhereSaysWhy();
};

namespace
{
// Imports a module, which has to work, and then uses a type, which has to be refused.
void verifyUnavailable(const QByteArray &module, const QByteArray &type, const QString &reason)
{
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    QQmlComponent import(&engine);
    import.setData("import QtQml\nimport " + module + "\nQtObject {}", {});
    const std::unique_ptr<QObject> object(import.create());
    QVERIFY2(object, qPrintable(import.errorString()));

    QQmlComponent use(&engine);
    use.setData("import QtQml\nimport " + module + "\n" + type + " {}", {});
    QVERIFY(use.isError());
    const QString text = use.errorString();
    QVERIFY2(text.contains(QString::fromLatin1(type + ": ")), qPrintable(text));
    QVERIFY2(text.contains(reason), qPrintable(text));
}
} // namespace

void tst_qml_unavailable::whatIsNotInThisBuildSaysWhy_data()
{
    QTest::addColumn<QString>("reason");
#ifdef Q_OS_UNIX
    QTest::newRow("NamedPipe") << QStringLiteral("only on Windows");
    QTest::newRow("NamedPipeServer") << QStringLiteral("only on Windows");
#else
    QTest::newRow("FifoReader") << QStringLiteral("only on Unix");
    QTest::newRow("FifoWriter") << QStringLiteral("only on Unix");
    QTest::newRow("UnixDatagramSocket") << QStringLiteral("only on Unix");
#endif
#if !__has_include(<InterprocessQt/SignalWatcher>)
    QTest::newRow("SignalWatcher") << QStringLiteral("INTERPROCESSQT_SIGNALS");
#endif
}

void tst_qml_unavailable::whatIsNotInThisBuildSaysWhy()
{
    QFETCH(QString, reason);
    verifyUnavailable("InterprocessQt", QTest::currentDataTag(), reason);
}

// The registrations of all builds, in a module of this test.
void tst_qml_unavailable::whatIsNotElsewhereSaysWhy_data()
{
    QTest::addColumn<QString>("reason");
    QTest::newRow("FifoReader") << QStringLiteral("only on Unix");
    QTest::newRow("FifoWriter") << QStringLiteral("only on Unix");
    QTest::newRow("NamedPipe") << QStringLiteral("only on Windows");
    QTest::newRow("NamedPipeServer") << QStringLiteral("only on Windows");
    QTest::newRow("SignalWatcher") << QStringLiteral("INTERPROCESSQT_SIGNALS");
    QTest::newRow("UnixDatagramSocket") << QStringLiteral("only on Unix");
}

void tst_qml_unavailable::whatIsNotElsewhereSaysWhy()
{
    QFETCH(QString, reason);
    verifyUnavailable("Elsewhere", QTest::currentDataTag(), reason);
}

QTEST_GUILESS_MAIN(tst_qml_unavailable)

#include "tst_qml_unavailable.moc"
