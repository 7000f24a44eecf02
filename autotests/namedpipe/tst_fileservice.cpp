// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"
#include "peerprocess.h"

#include <QFile>

using namespace Pipes;
using InterprocessQt::StreamDevice;

// The service of the example, asked as users ask it, and by clients that behave otherwise.
class tst_fileservice : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itShowsItself();
    void filesArriveWhole_data();
    void filesArriveWhole();
    void whatCannotBeReadIsTold_data();
    void whatCannotBeReadIsTold();
    void oneConnectionAsksForMany();
    void aPathThatIsTooLongIsNoEnd();
    void aClientThatLeavesIsNoEnd();
    void aFileThatBecomesShorterDoesNotPassForWhole();
    void devicesOnDrivesAreNoFiles();
    void whoReadsNoAnswersIsNotAnsweredWithoutEnd();
    void whoOnlyTellsWhoItIsGetsNothing();
    void aNameIsTakenOnce();
    void thereIsNoService();
    void wrongArgumentsAreTold();

private:
    struct Outcome {
        int code;
        QByteArray output;
        QString errors;
    };
    static Outcome run(const QStringList &arguments)
    {
        PeerProcess process;
        if (!process.start("interprocessqt-fileservice", arguments))
            return {-2, {}, "not started"};
        const int code = process.waitForExit();
        return {code, process.process().readAllStandardOutput(), process.errors().remove('\r')};
    }
    // A service of its own for each test.
    struct Service {
        explicit Service(const QString &pipe)
            : name(pipe)
        {
            isRunning = process.start("interprocessqt-fileservice", {"serve", "--pipe", pipe}) && process.readLine().startsWith("Listening: " + pipe);
        }
        [[nodiscard]] Outcome get(const QString &path) const
        {
            return run({"get", path, "--pipe", name});
        }
        [[nodiscard]] bool connect(NamedPipe &client) const
        {
            setModes(client, Mode::Messages, Mode::Messages);
            client.setImpersonationLevel(NamedPipe::Impersonation::Impersonation);
            client.connectToServer(name);
            return client.waitForConnected(5000);
        }
        const QString name;
        PeerProcess process;
        bool isRunning = false;
    };
    void write(const QByteArray &bytes, const QString &name = "file") const
    {
        QFile file(path(name));
        QVERIFY(file.open(QFile::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    // Asks for a large file, and takes no more of it for the time being than that it comes.
    static constexpr int LargeSize = 20'000'000;
    void beginReading(NamedPipe &client) const
    {
        client.setReadBufferSize(1000);
        QVERIFY(client.send(path("file").toUtf8()));
        QVERIFY(client.waitForMessage(5000));
        QCOMPARE(client.receive(), "size " + QByteArray::number(LargeSize));
    }
};

void tst_fileservice::itShowsItself()
{
    const Outcome outcome = run({});
    QCOMPARE(outcome.code, 0);
    QVERIFY2(outcome.output.contains("What only its owner may read."), outcome.output.constData());
    QVERIFY2(outcome.output.contains("notes.txt: 30 bytes"), outcome.output.constData());
    QVERIFY2(outcome.errors.contains("nothing.txt: ") && outcome.errors.contains("only files on drives"), qPrintable(outcome.errors));
}

void tst_fileservice::filesArriveWhole_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 65536, 5'000'000})
        QTest::addRow("%d bytes", size) << size;
}

void tst_fileservice::filesArriveWhole()
{
    QFETCH(int, size);
    Service service(abstractName());
    QVERIFY2(service.isRunning, qPrintable(service.process.errors()));
    const QByteArray content = message(size);
    write(content);
    const Outcome outcome = service.get(path("file"));
    QCOMPARE(outcome.errors, "");
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.output == content);
    QVERIFY(service.process.readLine().endsWith(QString("%1: %2 bytes").arg(path("file")).arg(size)));
}

void tst_fileservice::whatCannotBeReadIsTold_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("nothing") << "C:/there/is/no/such/file";
    QTest::newRow("folder") << "C:/windows";
    QTest::newRow("device") << "//./PhysicalDrive0";
    QTest::newRow("another computer") << "//computer/share/file";
}

void tst_fileservice::whatCannotBeReadIsTold()
{
    QFETCH(QString, path);
    Service service(abstractName());
    QVERIFY(service.isRunning);
    const Outcome outcome = service.get(path);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.output, "");
    QVERIFY2(outcome.errors.startsWith("fileservice: " + path + ": "), qPrintable(outcome.errors));
}

void tst_fileservice::oneConnectionAsksForMany()
{
    Service service(abstractName());
    QVERIFY(service.isRunning);
    write("content");
    NamedPipe client;
    QVERIFY2(service.connect(client), qPrintable(client.errorString()));
    QVERIFY(client.send(path("file").toUtf8()));
    QVERIFY(client.send("file"));
    QVERIFY(client.send(""));
    QVERIFY(client.send(path("file").toUtf8()));
    const List answers = receiveAll(client, 8);
    QCOMPARE(answers.size(), 8);
    QCOMPARE(answers.first(3), (List{"size 7", "content", ""}));
    QVERIFY(answers.at(3).startsWith("error file: "));
    QVERIFY(answers.at(4).startsWith("error : "));
    QCOMPARE(answers.last(3), (List{"size 7", "content", ""}));
}

void tst_fileservice::aPathThatIsTooLongIsNoEnd()
{
    Service service(abstractName());
    QVERIFY(service.isRunning);
    write("content");
    NamedPipe client;
    QVERIFY(service.connect(client));
    QVERIFY(client.send(message(200'000)));
    QCOMPARE(receiveAll(client, 1), List{"error there is no path that is so long"});
    QVERIFY(client.send(path("file").toUtf8()));
    QCOMPARE(receiveAll(client, 3), (List{"size 7", "content", ""}));
}

void tst_fileservice::aClientThatLeavesIsNoEnd()
{
    Service service(abstractName());
    QVERIFY(service.isRunning);
    write(message(LargeSize));
    {
        NamedPipe client;
        QVERIFY(service.connect(client));
        beginReading(client);
    }
    write("content", "other");
    const Outcome outcome = service.get(path("other"));
    QCOMPARE(outcome.errors, "");
    QCOMPARE(outcome.output, "content");
    // And it was noticed: nothing was read on for nobody.
    const QString told = service.process.readLine();
    QVERIFY2(told.contains("the client has left"), qPrintable(told));
    QVERIFY(service.process.readLine().endsWith(": 7 bytes"));
}

void tst_fileservice::aFileThatBecomesShorterDoesNotPassForWhole()
{
    Service service(abstractName());
    QVERIFY(service.isRunning);
    write(message(LargeSize));
    NamedPipe client;
    QVERIFY(service.connect(client));
    beginReading(client);
    write("content");
    client.setReadBufferSize(0);
    List answers;
    QVERIFY(waitUntil([&] {
        while (auto message = client.receive())
            answers << *message;
        return client.state() == NamedPipe::UnconnectedState;
    }));
    QVERIFY(!answers.contains(""));
}

void tst_fileservice::devicesOnDrivesAreNoFiles()
{
    // Windows has them in each folder, by their old names; to read one may wait for ever.
    Service service(abstractName());
    QVERIFY(service.isRunning);
    NamedPipe client;
    QVERIFY(service.connect(client));
    for (const QByteArray path : {"C:/nul", "C:/windows/con", "C:/com1"}) {
        QVERIFY(client.send(path));
        const List answers = receiveAll(client, 1);
        const QByteArray refused = "error " + path + ": ";
        QVERIFY2(answers.value(0).startsWith(refused), answers.value(0).constData());
    }
}

void tst_fileservice::whoReadsNoAnswersIsNotAnsweredWithoutEnd()
{
    Service service(abstractName());
    QVERIFY(service.isRunning);
    NamedPipe client;
    client.setReadBufferSize(1);
    QVERIFY(service.connect(client));
    const QByteArray wrong(90'000, 'x'); // the answer to it is longer
    for (int i = 0; i < 100; ++i)
        QVERIFY(client.send(wrong));
    QVERIFY(!QTest::qWaitFor(
        [&] {
            return client.bytesToWrite() == 0;
        },
        4000));
    client.setReadBufferSize(0);
    QCOMPARE(receiveAll(client, 100).size(), 100);
}

void tst_fileservice::whoOnlyTellsWhoItIsGetsNothing()
{
    if (isWine())
        QSKIP("Wine always gives the level SecurityImpersonation");
    Service service(abstractName());
    QVERIFY(service.isRunning);
    write("content");
    NamedPipe client;
    setModes(client, Mode::Messages, Mode::Messages);
    client.connectToServer(service.name); // the default: SECURITY_IDENTIFICATION
    QVERIFY(client.waitForConnected(5000));
    QVERIFY(client.send(path("file").toUtf8()));
    const List answers = receiveAll(client, 1);
    QVERIFY(answers.value(0).startsWith("error "));
}

void tst_fileservice::aNameIsTakenOnce()
{
    Service service(abstractName());
    QVERIFY(service.isRunning);
    const Outcome outcome = run({"serve", "--pipe", service.name});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.contains(service.name), qPrintable(outcome.errors));
}

void tst_fileservice::thereIsNoService()
{
    const QString name = abstractName();
    const Outcome outcome = run({"get", "file", "--pipe", name});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.contains(name), qPrintable(outcome.errors));
}

void tst_fileservice::wrongArgumentsAreTold()
{
    for (const QStringList &arguments : {QStringList{"get"}, QStringList{"dance"}, QStringList{"serve", "it"}}) {
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY(outcome.errors.contains("--help"));
    }
}

QTEST_GUILESS_MAIN(tst_fileservice)
#include "tst_fileservice.moc"
