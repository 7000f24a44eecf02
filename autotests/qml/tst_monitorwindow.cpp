// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "examplewindow.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <QAbstractItemModel>
#include <QGuiApplication>
#include <QLocalServer>
#include <QLocalSocket>

// The monitor, between the service of the demo and its clients.
class tst_monitorwindow : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void looksAtTheDemo();
    void tellsOfAServiceThatIsNotThere();
    void handsOnWhatAClientSaysAndLeaves_data();
    void handsOnWhatAClientSaysAndLeaves();
    void handsOnTheRestToASlowClient_data();
    void handsOnTheRestToASlowClient();
    void aServiceThatDiesEndsItsClients();
    void theKeyboardReachesAll();
    void isWholeAtItsSmallest();

private:
    static int count(const ExampleWindow &window, const QString &list)
    {
        return window.item(list)->property("count").toInt();
    }
    static double latest(const ExampleWindow &window, const QString &plot)
    {
        return window.item(plot)->property("latest").toDouble();
    }
};

void tst_monitorwindow::looksAtTheDemo()
{
    keepDescriptors();
    const QString behind = QString("@demo-%1").arg(QCoreApplication::applicationPid()); // short, for the picture
    const QString inFront = behind + "-monitor";
    PeerProcess service;
    QVERIFY(service.start("interprocessqt-tour", {"--serve", behind}));
    QVERIFY(service.readLine().contains("listening"));

    ExampleWindow window("Monitor", {{"service", behind}, {"address", inFront}, {"demo", true}, {"canRunClient", true}});
    QVERIFY(window.isShown());
    QSignalSpy wanted(window.window(), SIGNAL(clientWanted()));
    // The monitor's own connection is one of a client like any other.
    QTRY_COMPARE(count(window, "connections"), 1);
    QVERIFY2(!window.item("service")->property("truncated").toBool(), "There is room for the name.");
    QTRY_VERIFY(window.item("ask")->isEnabled());
    window.click("ask");
    QTRY_VERIFY(latest(window, "messagePlot") > 0);

    window.click("input");
    window.type("12");
    window.press(Qt::Key_Return);
    QTRY_VERIFY(!window.item("result")->property("text").toString().isEmpty());
    window.click("ask"); // no more: the answer is to the question that was typed
    window.click("input");
    window.type("twelve");
    window.press(Qt::Key_Return);
    QTRY_COMPARE(window.item("result")->property("text").toString(), "A question is a number from 0 to 94906265.");
    window.press(Qt::Key_A, Qt::ControlModifier);
    window.type("12");
    window.click("send");
    QTRY_COMPARE(window.item("result")->property("text").toString(), QString("12² = 144"));

    // The client of the demo goes by way of the monitor, and does not notice.
    PeerProcess client;
    QVERIFY(client.start("interprocessqt-tour", {"--client", inFront}));
    QTRY_COMPARE(count(window, "connections"), 2);
    QTRY_VERIFY_WITH_TIMEOUT(window.item("bytePlot")->property("limit").toDouble() > 50000, 20000);
    window.click("ask");
    QTest::qWait(2500); // for something to be seen in the picture
    QVERIFY(coloursOf(window.picture("monitor")) > 50);
    // All of it passes through this thread.
    QTRY_COMPARE_WITH_TIMEOUT(client.process().state(), QProcess::NotRunning, 150000);
    QCOMPARE(client.waitForExit(), 0);
    QTRY_COMPARE(count(window, "connections"), 1);

    window.click("runClient");
    QCOMPARE(wanted.size(), 1);

    // The filter of the log.
    const int all = count(window, "log");
    window.press(Qt::Key_F, Qt::ControlModifier);
    window.type("has gone");
    QTRY_VERIFY(count(window, "log") >= 1 && count(window, "log") < 5);
    QVERIFY(all >= 5);

    window.window()->close();
    QTRY_COMPARE(service.process().state(), QProcess::NotRunning);
    QCOMPARE(service.waitForExit(), 0); // the window has said goodbye
    QCOMPARE(window.warnings(), QStringList());
}

void tst_monitorwindow::tellsOfAServiceThatIsNotThere()
{
    keepDescriptors();
    const QString taken = path("taken");
    QFile file(taken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    ExampleWindow window("Monitor", {{"service", path("nobody")}, {"address", taken}});
    QVERIFY(window.isShown());
    QTRY_VERIFY(count(window, "log") >= 1);
    const auto *const model = window.item("log")->property("model").value<QAbstractItemModel *>();
    const QString text = model->data(model->index(0, 0), model->roleNames().key("text")).toString();
    QVERIFY2(text.contains(taken), qPrintable(text));
    QVERIFY(QFile::exists(taken));
}

void tst_monitorwindow::handsOnWhatAClientSaysAndLeaves_data()
{
    QTest::addColumn<bool>("served");
    QTest::newRow("service") << true;
    QTest::newRow("nobody") << false;
}

void tst_monitorwindow::handsOnWhatAClientSaysAndLeaves()
{
    QFETCH(bool, served);
    keepDescriptors();
    const QString behind = path("service");
    const QString inFront = path("monitor");
    QLocalServer service;
    QByteArray received;
    connect(&service, &QLocalServer::newConnection, this, [&] {
        QLocalSocket *const socket = service.nextPendingConnection();
        connect(socket, &QLocalSocket::readyRead, this, [&received, socket] {
            received += socket->readAll();
        });
    });
    QVERIFY(!served || service.listen(behind));
    ExampleWindow window("Monitor", {{"service", behind}, {"address", inFront}});
    QVERIFY(window.isShown());
    QTRY_VERIFY(QFile::exists(inFront));
    for (int i = 0; i < 20; ++i) {
        QLocalSocket client;
        client.connectToServer(inFront);
        QVERIFY(client.waitForConnected());
        client.write("last words\n");
        QVERIFY(client.waitForBytesWritten());
        client.disconnectFromServer();
    }
    if (served)
        QTRY_COMPARE(received.count("last words\n"), 20);
    QTRY_VERIFY(count(window, "log") > 20);
    QTRY_VERIFY(count(window, "connections") <= 1); // its own
    QCOMPARE(window.warnings(), QStringList());
}

void tst_monitorwindow::handsOnTheRestToASlowClient_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("a little") << 1000;
    QTest::newRow("what is kept on the way") << 1400000;
    QTest::newRow("a bit more") << 1600000;
    QTest::newRow("much more") << 6000000;
}

void tst_monitorwindow::handsOnTheRestToASlowClient()
{
    QFETCH(int, size);
    keepDescriptors();
    const QString behind = path("service");
    const QString inFront = path("monitor");
    QLocalServer service;
    // To the first who says something: it says all it has to say, and ends.
    connect(&service, &QLocalServer::newConnection, this, [&] {
        QLocalSocket *const socket = service.nextPendingConnection();
        connect(socket, &QLocalSocket::readyRead, this, [socket, size] {
            socket->readAll();
            socket->write(QByteArray(size, 'x'));
            socket->disconnectFromServer();
        });
    });
    QVERIFY(service.listen(behind));
    ExampleWindow window("Monitor", {{"service", behind}, {"address", inFront}});
    QVERIFY(window.isShown());
    QTRY_VERIFY(QFile::exists(inFront));
    QLocalSocket client;
    client.setReadBufferSize(1000);
    client.connectToServer(inFront);
    QVERIFY(client.waitForConnected());
    client.write("go\n");
    QTest::qWait(300);
    qsizetype received = 0;
    const auto read = [&] {
        received += client.readAll().size();
    };
    connect(&client, &QLocalSocket::readyRead, this, read);
    client.setReadBufferSize(0);
    read();
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), QLocalSocket::UnconnectedState, 20000);
    read();
    QCOMPARE(received, size);
    QTRY_VERIFY(count(window, "connections") <= 1); // its own
    QCOMPARE(window.warnings(), QStringList());
}

void tst_monitorwindow::aServiceThatDiesEndsItsClients()
{
    keepDescriptors();
    QLocalServer service;
    // With something unread, the kernel resets the connection.
    connect(&service, &QLocalServer::newConnection, this, [this, &service] {
        QLocalSocket *const socket = service.nextPendingConnection();
        socket->setReadBufferSize(1);
        connect(socket, &QLocalSocket::readyRead, this, [socket] {
            socket->abort();
        });
    });
    QVERIFY(service.listen(path("service")));
    ExampleWindow window("Monitor", {{"service", path("service")}, {"address", path("monitor")}});
    QVERIFY(window.isShown());
    QTRY_VERIFY(QFile::exists(path("monitor")));
    QLocalSocket client;
    client.connectToServer(path("monitor"));
    QVERIFY(client.waitForConnected());
    client.write("more than one byte");
    QTRY_COMPARE(client.state(), QLocalSocket::UnconnectedState);
    QTRY_VERIFY(count(window, "connections") <= 1); // its own
    QCOMPARE(window.warnings(), QStringList());
}

void tst_monitorwindow::theKeyboardReachesAll()
{
    keepDescriptors();
    QLocalServer service;
    QVERIFY(service.listen(path("service")));
    ExampleWindow window("Monitor", {{"service", path("service")}, {"address", path("monitor")}, {"demo", true}, {"canRunClient", true}});
    QVERIFY(window.isShown());
    QSignalSpy wanted(window.window(), SIGNAL(clientWanted()));
    QTRY_VERIFY(window.item("ask")->isEnabled());
    window.type("7"); // it goes to where something can be sent
    QCOMPARE(window.item("input")->property("text").toString(), "7");
    window.press(Qt::Key_Backspace);
    window.focus("ask");
    const QStringList expected = {"ask", "rate", "runClient", "connections", "format", "input", "filter", "log"};
    QCOMPARE(window.tabOrder(9).join(u' '), expected.join(u' '));
    window.focus("runClient");
    window.press(Qt::Key_Return);
    QCOMPARE(wanted.size(), 1);
    window.press(Qt::Key_Space);
    QCOMPARE(wanted.size(), 2);
    // A list that is opened, and left.
    window.focus("format");
    window.press(Qt::Key_Space);
    window.press(Qt::Key_Down);
    window.press(Qt::Key_Escape);
    QCOMPARE(window.item("format")->property("currentText").toString(), "Question");
    window.press(Qt::Key_Space);
    window.press(Qt::Key_Down);
    window.press(Qt::Key_Return);
    QCOMPARE(window.item("format")->property("currentText").toString(), "Text");
    // The filter is left by Escape, and is empty then.
    window.press(Qt::Key_F, Qt::ControlModifier);
    window.type("nonsense");
    QTRY_COMPARE(count(window, "log"), 0);
    window.press(Qt::Key_Escape);
    QTRY_VERIFY(count(window, "log") > 0);
    QCOMPARE(window.item("filter")->property("text").toString(), QString());
    QCOMPARE(window.warnings(), QStringList());
}

void tst_monitorwindow::isWholeAtItsSmallest()
{
    keepDescriptors();
    PeerProcess service;
    const QString name = QString("@interprocessqt-demo-%1").arg(QCoreApplication::applicationPid());
    QVERIFY(service.start("interprocessqt-tour", {"--serve", name}));
    QVERIFY(service.readLine().contains("listening"));
    ExampleWindow window("Monitor", {{"service", name}, {"address", QString(name + "-monitor")}, {"demo", true}, {"canRunClient", true}});
    QVERIFY(window.isShown());
    QTRY_COMPARE(count(window, "connections"), 1);
    window.shrink();
    QTest::qWait(200);
    QVERIFY(coloursOf(window.picture("monitor-smallest")) > 20);
    QCOMPARE(window.itemsOutside().join(u'\n'), QString());
    window.window()->close();
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(window.warnings(), QStringList());
}

int main(int argc, char **argv)
{
    // A picture is made without a graphics card, and without a screen.
    qputenv("QT_QUICK_BACKEND", "software");
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    tst_monitorwindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_monitorwindow.moc"
