// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// What qmltc makes of QML: a class of C++ that derives from those of the module.

#include "compiled.h"

#include <QQmlEngine>
#include <QTest>

#include <csignal>

// Of newer versions of Qt the class is in a namespace, which has the name of its module.
namespace CompiledTest
{
}
using namespace CompiledTest;

class tst_qml_compiled : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsAClassWithProperties();
    void itsSocketsTalk();
    void itHandlesSignalsThatCarryValues();
};

void tst_qml_compiled::itIsAClassWithProperties()
{
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    Compiled object(&engine);
    QCOMPARE(object.socket()->minimumDelay(), 10);
    QCOMPARE(object.socket()->readBufferSize(), 65536);
    QVERIFY(object.server()->parser());
    QCOMPARE(object.other()->parser()->framing(), InterprocessQt::MessageParser::LengthPrefix);
    object.setName(QStringLiteral("name"));
    QCOMPARE(object.socket()->address(), QStringLiteral("name"));
}

void tst_qml_compiled::itsSocketsTalk()
{
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    Compiled object(&engine);
    object.setName(QStringLiteral("@tst_qml_compiled-%1").arg(QCoreApplication::applicationPid()));
    object.setActive(true);
    QTRY_COMPARE(object.answer(), QStringLiteral("echo hello"));
    QCOMPARE(object.server()->connections()->count(), 1);
}

// The signals of the library that tell of these have references, of which qmltc of Qt 6.4 can make nothing.
void tst_qml_compiled::itHandlesSignalsThatCarryValues()
{
    std::signal(SIGTERM, SIG_DFL); // Qt Test has a handler of its own, which would be called after ours
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    Compiled object(&engine);
    raise(SIGTERM);
    QTRY_COMPARE(object.signalName(), QStringLiteral("SIGTERM"));
    Q_EMIT object.server()->LocalServer::peerRejected(InterprocessQt::PeerCredentials::ofThisProcess());
    QCOMPARE(object.rejected(), int(QCoreApplication::applicationPid()));
    object.setRejected(0);
    Q_EMIT object.messageServer()->MessageServer::peerRejected(InterprocessQt::PeerCredentials::ofThisProcess());
    QCOMPARE(object.rejected(), int(QCoreApplication::applicationPid()));
}

QTEST_GUILESS_MAIN(tst_qml_compiled)

#include "tst_qml_compiled.moc"
