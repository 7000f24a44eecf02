// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "examplewindow.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/Fifo>

#include <QGuiApplication>
#include <QLocalSocket>

using namespace InterprocessQt;

// The player: buttons and keys, and what shells do with it.
class tst_remotecontrolwindow : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void shellsDriveIt();
    void buttonsAndKeys();
    void theKeyboardReachesAll();
    void isWholeAtItsSmallest();
    void whoDoesNotReadWaits();
    void theProgramEndsByASignal();
};

void tst_remotecontrolwindow::shellsDriveIt()
{
    keepDescriptors();
    if (PeerProcess::find("socat").isEmpty())
        QSKIP("There is no socat.");
    const Fifo fifo = Fifo::create(path("fifo"));
    QVERIFY(fifo.isValid());
    const QString name = "@" + abstractName();
    ExampleWindow window("RemoteControl", {{"fifo", fifo.path()}, {"address", name}});
    QVERIFY(window.isShown());
    const auto *const player = window.window()->property("player").value<QObject *>();
    QVERIFY(player);

    PeerProcess shell;
    QVERIFY(shell.start("sh", {"-c", "echo next >'" + fifo.path() + "'; echo play >'" + fifo.path() + "'"}));
    QTRY_COMPARE(player->property("playing").toBool(), true);
    QCOMPARE(player->property("index").toInt(), 1);

    PeerProcess socket;
    QVERIFY(socket.start("sh", {"-c", "printf 'volume 30\\nnonsense\\nseek 61\\n' | socat -t 5 - ABSTRACT-CONNECT:" + name.mid(1)}));
    QVERIFY(socket.readLine().endsWith("volume 30"));
    QVERIFY(socket.readLine().startsWith("error: play, pause"));
    QVERIFY(socket.readLine().contains("61 of 187 s"));
    QTRY_COMPARE(socket.process().state(), QProcess::NotRunning);
    QCOMPARE(player->property("volume").toInt(), 30);

    PeerProcess kill;
    QVERIFY(kill.start("sh", {"-c", QString("kill -USR2 %1").arg(QCoreApplication::applicationPid())}));
    QTRY_COMPARE(player->property("index").toInt(), 2);
    QCOMPARE(window.item("commands")->property("count").toInt(), 6);
    QCOMPARE(window.item("title")->property("text").toString(), "Handshake at Midnight");
    QVERIFY(coloursOf(window.picture("remotecontrol")) > 50);
    QCOMPARE(window.warnings(), QStringList());
}

void tst_remotecontrolwindow::buttonsAndKeys()
{
    keepDescriptors();
    ExampleWindow window("RemoteControl", {{"address", QString("@" + abstractName())}});
    QVERIFY(window.isShown());
    const auto *const player = window.window()->property("player").value<QObject *>();
    window.click("toggle");
    QCOMPARE(player->property("playing").toBool(), true);
    window.press(Qt::Key_Space);
    QTRY_COMPARE(player->property("playing").toBool(), false);
    window.press(Qt::Key_Return);
    QTRY_COMPARE(player->property("playing").toBool(), true);
    window.click("next");
    QCOMPARE(player->property("index").toInt(), 1);
    window.press(Qt::Key_Left, Qt::ControlModifier);
    QTRY_COMPARE(player->property("index").toInt(), 0);
    window.click("previous");
    QCOMPARE(player->property("index").toInt(), 3);
    window.click("volume");
    QCOMPARE(player->property("volume").toInt(), 50);
}

void tst_remotecontrolwindow::theKeyboardReachesAll()
{
    keepDescriptors();
    ExampleWindow window("RemoteControl", {{"address", QString("@" + abstractName())}});
    QVERIFY(window.isShown());
    const auto *const player = window.window()->property("player").value<QObject *>();
    window.focus("position");
    const QStringList expected = {"position", "previous", "toggle", "next", "volume", "lineForAFifo", "lineForASocket", "lineForASignal", "commands"};
    QCOMPARE(window.tabOrder(10).join(u' '), expected.join(u' '));
    window.focus("next");
    window.press(Qt::Key_Return);
    QCOMPARE(player->property("index").toInt(), 1);
    window.focus("volume");
    window.press(Qt::Key_Right);
    QVERIFY(player->property("volume").toInt() > 60);
    QCOMPARE(window.warnings(), QStringList());
}

void tst_remotecontrolwindow::isWholeAtItsSmallest()
{
    keepDescriptors();
    const Fifo fifo = Fifo::create(path("fifo"));
    QVERIFY(fifo.isValid());
    ExampleWindow window("RemoteControl", {{"fifo", fifo.path()}, {"address", QString("@" + abstractName())}});
    QVERIFY(window.isShown());
    window.shrink();
    QTest::qWait(200);
    QVERIFY(coloursOf(window.picture("remotecontrol-smallest")) > 20);
    QCOMPARE(window.itemsOutside().join(u'\n'), QString());
    QCOMPARE(window.warnings(), QStringList());
}

void tst_remotecontrolwindow::whoDoesNotReadWaits()
{
    keepDescriptors();
    const QString socket = path("socket");
    ExampleWindow window("RemoteControl", {{"address", socket}});
    QVERIFY(window.isShown());
    QTRY_VERIFY(QFile::exists(socket));
    // Each is answered by an error as long as it is.
    constexpr int Count = 5000;
    QLocalSocket client;
    client.setReadBufferSize(1000);
    client.connectToServer(socket);
    QVERIFY(client.waitForConnected());
    client.write(QByteArray(QByteArray(900, 'x') + '\n').repeated(Count));
    QTest::qWait(1000);
    QVERIFY2(client.bytesToWrite() > 0, "everything was taken, and the answers wait for somebody who does not read them");
    // And nothing is lost when it reads.
    qsizetype answers = 0;
    const auto read = [&] {
        answers += client.readAll().count('\n');
    };
    connect(&client, &QLocalSocket::readyRead, this, read);
    client.setReadBufferSize(0);
    read();
    QTRY_COMPARE_WITH_TIMEOUT(answers, qsizetype(Count), 60000);
    QCOMPARE(window.warnings(), QStringList());
}

void tst_remotecontrolwindow::theProgramEndsByASignal()
{
    const QString fifo = path("fifo");
    PeerProcess program;
    QVERIFY(program.start("interprocessqt-remotecontrol", {"--fifo", fifo, "--address", QString("@" + abstractName())}));
    QTRY_VERIFY(QFile::exists(fifo));
    PeerProcess shell;
    QVERIFY(shell.start("sh", {"-c", "echo quit >'" + fifo + "'"}));
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY2(!program.errors().contains("qml"), qPrintable(program.errors()));
    QVERIFY(!QFile::exists(fifo));
}

int main(int argc, char **argv)
{
    // A picture is made without a graphics card, and without a screen.
    qputenv("QT_QUICK_BACKEND", "software");
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    tst_remotecontrolwindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_remotecontrolwindow.moc"
