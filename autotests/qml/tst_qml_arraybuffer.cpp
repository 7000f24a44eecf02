// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Bytes cross the border between JavaScript and the kernel without needless copies: an ArrayBuffer shares what has arrived, and
// what is sent is copied once, by Qt. Told by who has the bytes, and by how much memory is in use.

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

#include <QJSValue>
#include <QQmlComponent>
#include <QQmlEngine>

#ifdef __GLIBC__
#include <malloc.h>
#if __GLIBC_PREREQ(2, 33) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HAVE_MALLINFO2
#endif
#endif

using namespace InterprocessQt;

class tst_qml_arraybuffer : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatArrivesIsShared();
    void whatArrivesIsInMemoryOnce_data();
    void whatArrivesIsInMemoryOnce();
    void whatWaitsToBeWrittenIsCopiedOnce_data();
    void whatWaitsToBeWrittenIsCopiedOnce();
    void aChangeAfterSendingIsNotSent();

private:
    std::unique_ptr<QObject> create(QQmlEngine &engine, const QByteArray &body) const;
};

namespace
{
constexpr qsizetype Size = 32 * 1024 * 1024;

// What is allocated and not freed; negative: nobody can say.
qint64 memoryInUse()
{
#ifdef HAVE_MALLINFO2
    const struct mallinfo2 info = mallinfo2();
    return qint64(info.uordblks + info.hblkhd);
#else
    return -1;
#endif
}

QByteArray bytesOf(const QObject &object, const char *property)
{
    const QVariant value = object.property(property);
    return value.metaType() == QMetaType::fromType<QJSValue>() ? value.value<QJSValue>().toVariant().toByteArray() : value.toByteArray();
}

QByteArray somePattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = char(i * 7 + (i >> 12));
    return bytes;
}
} // namespace

std::unique_ptr<QObject> tst_qml_arraybuffer::create(QQmlEngine &engine, const QByteArray &body) const
{
    engine.addImportPath(QStringLiteral(MODULE_FOLDER));
    QQmlComponent component(&engine);
    component.setData("import QtQml\nimport InterprocessQt\n" + body, {});
    std::unique_ptr<QObject> object(component.createWithInitialProperties({{QStringLiteral("address"), path()}}));
    if (!object)
        qWarning("%s", qPrintable(component.errorString()));
    return object;
}

void tst_qml_arraybuffer::whatArrivesIsShared()
{
    MessageServer server;
    QVERIFY(server.listen(path()));
    QQmlEngine engine;
    const auto object = create(engine, "MessageSocket { active: true; property var received; onMessage: message => received = message }");
    QVERIFY(object);
    QByteArray arrived;
    connect(qobject_cast<MessageSocket *>(object.get()), &MessageSocket::messageReceived, this, [&](const QByteArray &message) {
        arrived = message;
    });
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<MessageSocket> peer(server.nextPendingConnection());
    const QByteArray message = somePattern(50'000);
    QVERIFY(peer->send(message));
    QTRY_COMPARE(arrived, message);
    QVERIFY(bytesOf(*object, "received") == message);
    // There is another one who has these very bytes, and that is JavaScript.
    QVERIFY(!arrived.isDetached());
    object->setProperty("received", 0);
    QTRY_VERIFY((engine.collectGarbage(), arrived.isDetached()));
}

void tst_qml_arraybuffer::whatArrivesIsInMemoryOnce_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("message") << QByteArray(
        "parser: BinaryParser { maximumMessageSize: 1e9 } onMessage: message => { received = message; done = true; } function take() {}");
    QTest::newRow("readAll") << QByteArray("function take() { received = readAll(); }");
}

void tst_qml_arraybuffer::whatArrivesIsInMemoryOnce()
{
    QFETCH(QByteArray, body);
    if (memoryInUse() < 0)
        QSKIP("Nobody says how much memory is in use: that is glibc's, without a sanitizer.");
    LocalServer server;
    QVERIFY(server.listen(path()));
    QQmlEngine engine;
    const auto object = create(engine, "LocalSocket { active: true; property var received; property bool done; " + body + " }");
    QVERIFY(object);
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    const QByteArray message = somePattern(Size);
    const bool framed = body.contains("parser");
    const qint64 before = memoryInUse();
    if (framed)
        peer->write(QByteArray("\2\0\0\0", 4)); // 32 MiB
    peer->write(message);
    if (framed)
        QTRY_VERIFY_WITH_TIMEOUT(object->property("done").toBool(), 20000);
    else
        QTRY_COMPARE_WITH_TIMEOUT(qobject_cast<LocalSocket *>(object.get())->bytesAvailable(), Size, 20000);
    QVERIFY(QMetaObject::invokeMethod(object.get(), "take"));
    QCOMPARE(peer->bytesToWrite(), 0);
    const qint64 grown = memoryInUse() - before;
    QVERIFY2(grown < Size + Size / 4, qPrintable(QString::number(grown)));
    QVERIFY(bytesOf(*object, "received") == message);
}

void tst_qml_arraybuffer::whatWaitsToBeWrittenIsCopiedOnce_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::newRow("message with a length") << QByteArray("send(buffer)");
    QTest::newRow("view of the whole") << QByteArray("send(new Uint8Array(buffer))");
    QTest::newRow("view of a part") << QByteArray("send(new Uint8Array(buffer, 1))");
    QTest::newRow("written") << QByteArray("write(buffer)");
}

void tst_qml_arraybuffer::whatWaitsToBeWrittenIsCopiedOnce()
{
    QFETCH(QByteArray, how);
    if (memoryInUse() < 0)
        QSKIP("Nobody says how much memory is in use: that is glibc's, without a sanitizer.");
    LocalServer server;
    server.setReadBufferSize(1000);
    QVERIFY(server.listen(path()));
    QQmlEngine engine;
    const auto object = create(engine,
                               "LocalSocket { active: true; property var buffer: new ArrayBuffer(33554432); parser: BinaryParser { maximumMessageSize: 1e9 } "
                               "function go() { "
                                   + how + "; } }");
    QVERIFY(object);
    const auto *const socket = qobject_cast<LocalSocket *>(object.get());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(socket->state(), LocalSocket::ConnectedState);
    const qint64 before = memoryInUse();
    QVERIFY(QMetaObject::invokeMethod(object.get(), "go"));
    QVERIFY(socket->bytesToWrite() > Size / 2);
    const qint64 grown = memoryInUse() - before;
    // By Qt, which takes it out of the ArrayBuffer. The stream keeps that copy.
    QVERIFY2(grown < Size + Size / 4, qPrintable(QString::number(grown)));
}

void tst_qml_arraybuffer::aChangeAfterSendingIsNotSent()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QQmlEngine engine;
    const auto object = create(engine,
                               "LocalSocket { active: true; property var buffer: new ArrayBuffer(33554432); parser: BinaryParser { framing: "
                               "BinaryParser.Chunks } function go() { send(buffer); new Uint8Array(buffer).fill(1); } }");
    QVERIFY(object);
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(object->property("state").toInt(), int(LocalSocket::ConnectedState));
    QVERIFY(QMetaObject::invokeMethod(object.get(), "go"));
    QTRY_COMPARE_WITH_TIMEOUT(peer->bytesAvailable(), Size, 20000);
    QVERIFY(peer->readAll() == QByteArray(Size, '\0'));
    QCOMPARE(bytesOf(*object, "buffer").front(), '\1');
}

QTEST_GUILESS_MAIN(tst_qml_arraybuffer)

#include "tst_qml_arraybuffer.moc"
