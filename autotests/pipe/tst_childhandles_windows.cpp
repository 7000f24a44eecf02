// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawnedwindows.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/Pipe>

#include <QProcess>
#include <QThread>

#include <atomic>

using namespace InterprocessQt;

// What is handed over to a child by its list of handles, who has it then, and who has not.
class tst_childhandles_windows : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aChildTakesWhatItWasGiven();
    void theParentKeepsNothing();
    void anotherProgramUsesTheNumbers();
    void nothingElseIsInherited();
    void childrenDoNotHaveEachOthersEnds();
    void childrenOfSeveralThreadsDoNotHaveEachOthersEnds();
    void theNextChildOfTheProcessHasNothing();
    void aChildThatCannotBeStartedClosesThem();
    void aProcessThatIsNeverStartedClosesThem();
    void twoCollectionsCanBeAttached();
    void modifiersOfOthersRunToo();
    void anEnvironmentThatIsThereStays();
    void whatGotLostIsNotTaken();
    void anyKindOfHandle();
    void aProcessThatIsStartedOftenCollectsNothing();
    void whatCannotBeAddedStays();
    void nothingThatHasArrivedIsLost();

private:
    // Which of the numbers are handles in a child of the process.
    static QString openIn(QProcess &process, const QList<qintptr> &numbers)
    {
        process.start(PeerProcess::find("peer_pipewindows"), QStringList("open") + texts(numbers));
        if (!process.waitForFinished())
            return process.errorString();
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }
    static QStringList texts(const QList<qintptr> &numbers)
    {
        QStringList all;
        for (const qintptr number : numbers)
            all.append(QString::number(number));
        return all;
    }
    static QString open(const QList<qintptr> &numbers)
    {
        return QStringList(QStringList("open") + texts(numbers)).join(' ');
    }
};

void tst_childhandles_windows::aChildTakesWhatItWasGiven()
{
    const Pipe toChild = Pipe::create();
    const Pipe fromChild = Pipe::create();
    const auto [mine, theirs] = LocalSocket::pair();
    ChildHandles handles;
    const auto input = handles.add(toChild.reader.get(), "input");
    const auto output = handles.add(fromChild.writer.get(), "output");
    const auto socket = handles.add(theirs.get(), "socket");
    QVERIFY2(input > 2 && output > 2 && socket > 2, qPrintable(handles.errorString()));
    QCOMPARE(handles.names(), QStringList({"input", "output", "socket"}));
    QVERIFY(!toChild.reader->isOpen() && !fromChild.writer->isOpen() && !theirs->isOpen());
    QCOMPARE(mine->state(), LocalSocket::ConnectedState);

    PeerProcess child;
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(handles.names().isEmpty());
    QVERIFY(child.start("peer_pipewindows", QStringList("handles") + texts({input, output, socket})));
    QCOMPARE(child.readLine(), open({input, output, socket}));
    QCOMPARE(child.readLine(), "names input,output,socket");
    QCOMPARE(child.readLine(), "variable not set");
    QTRY_COMPARE(mine->bytesAvailable(), 14);
    QCOMPARE(mine->readAll(), "from the child");
    QSignalSpy finished(fromChild.reader.get(), &PipeReader::readChannelFinished);
    toChild.writer->write("shout");
    toChild.writer->close();
    QCOMPARE(child.readLine(), "read shout");
    QVERIFY(finished.count() == 1 || finished.wait()); // the parent has no copy that would keep it open
    QCOMPARE(fromChild.reader->readAll(), "SHOUT");
    QCOMPARE(child.waitForExit(), 0);
    QTRY_COMPARE(mine->state(), LocalSocket::UnconnectedState);
}

void tst_childhandles_windows::theParentKeepsNothing()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "unused");
    QVERIFY(number != NativeHandle::Invalid);
    QVERIFY(!pipe.writer);
    DWORD flags = 0;
    QVERIFY(GetHandleInformation(reinterpret_cast<HANDLE>(number), &flags));
    QCOMPARE(flags & HANDLE_FLAG_INHERIT, 0); // nobody has it before the child
    QProcess child;
    QVERIFY(handles.attachTo(&child));
    QCOMPARE(openIn(child, {number}), open({number}));
    PipeReader reader;
    QVERIFY(reader.open(std::move(pipe.reader)));
    QVERIFY(reader.waitForFinished());
}

void tst_childhandles_windows::anotherProgramUsesTheNumbers()
{
    // It knows nothing of the library, nor of overlapped operations.
    Pipe::Options forReader;
    forReader.blockingReader = true;
    Pipe::Options forWriter;
    forWriter.blockingWriter = true;
    Pipe::Handles there = Pipe::createHandles(forReader);
    Pipe::Handles back = Pipe::createHandles(forWriter);
    ChildHandles handles;
    const auto input = handles.add(std::move(there.reader), "input");
    const auto output = handles.add(std::move(back.writer), "output");
    PeerProcess program;
    QVERIFY(handles.attachTo(&program.process()));
    QVERIFY(program.start("peer_pipewindows", {"copy", QString::number(input), QString::number(output)}));
    PipeWriter writer;
    PipeReader reader;
    QVERIFY(writer.open(std::move(there.writer)));
    QVERIFY(reader.open(std::move(back.reader)));
    writer.write(QByteArray(200'000, 'x') + "by number");
    writer.close();
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    QVERIFY(finished.wait());
    QCOMPARE(reader.bytesAvailable(), 200'009);
    QVERIFY(reader.readAll().endsWith("xby number"));
    QCOMPARE(program.waitForExit(), 0);
}

void tst_childhandles_windows::nothingElseIsInherited()
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    // As a careless library does. A file: events have small numbers, which the child has, too.
    const NativeHandle leak = owned(CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &inheritable, OPEN_EXISTING, 0, nullptr));
    // Far away from what a child opens by itself.
    std::vector<NativeHandle> fillers;
    for (int i = 0; i < 500; ++i)
        fillers.push_back(owned(CreateEventW(nullptr, TRUE, FALSE, nullptr)));
    HANDLE copy = nullptr;
    QVERIFY(DuplicateHandle(GetCurrentProcess(), native(leak), GetCurrentProcess(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS));
    const NativeHandle distant = owned(copy);
    QProcess careless;
    QCOMPARE(openIn(careless, {distant.get()}), open({distant.get()}));

    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "pipe");
    QProcess child;
    QVERIFY(handles.attachTo(&child));
    QCOMPARE(openIn(child, {distant.get(), number}), open({number}));
}

void tst_childhandles_windows::childrenDoNotHaveEachOthersEnds()
{
    constexpr int Count = 8;
    struct Child {
        Pipe toChild = Pipe::create();
        Pipe fromChild = Pipe::create();
        QProcess process;
    };
    std::vector<std::unique_ptr<Child>> children;
    for (int i = 0; i < Count; ++i) {
        auto &child = *children.emplace_back(std::make_unique<Child>());
        ChildHandles handles;
        QVERIFY(handles.add(child.toChild.reader.get(), "input") != NativeHandle::Invalid);
        QVERIFY(handles.add(child.fromChild.writer.get(), "output") != NativeHandle::Invalid);
        QVERIFY(handles.attachTo(&child.process));
        child.process.start(PeerProcess::find("peer_pipewindows"), {"handles"});
    }
    // The ends come one by one: no other child holds the writing side of any.
    for (int i = 0; i < Count; ++i) {
        Child &child = *children[size_t(i)];
        QVERIFY2(child.process.waitForStarted(), qPrintable(child.process.errorString()));
        child.toChild.writer->write("number " + QByteArray::number(i));
        child.toChild.writer->close();
        QVERIFY(child.toChild.writer->waitForClosed());
        QVERIFY(child.fromChild.reader->waitForFinished());
        QCOMPARE(child.fromChild.reader->readAll(), "NUMBER " + QByteArray::number(i));
        QVERIFY(child.process.waitForFinished());
    }
}

void tst_childhandles_windows::childrenOfSeveralThreadsDoNotHaveEachOthersEnds()
{
    constexpr int Threads = 3;
    constexpr int Children = 5;
    std::atomic<int> good = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < Threads; ++i) {
        threads.emplace_back(QThread::create([&] {
            for (int n = 0; n < Children; ++n) {
                const Pipe toChild = Pipe::create();
                const Pipe fromChild = Pipe::create();
                ChildHandles handles;
                static_cast<void>(handles.add(toChild.reader.get(), "input"));
                static_cast<void>(handles.add(fromChild.writer.get(), "output"));
                QProcess process;
                if (!handles.attachTo(&process))
                    return;
                process.start(PeerProcess::find("peer_pipewindows"), {"handles"});
                toChild.writer->write("x");
                toChild.writer->close();
                // It ends if nobody else has the writing end of its input, and so does this if nobody else has that of its output.
                const bool ended =
                    process.waitForStarted() && toChild.writer->waitForClosed() && fromChild.reader->waitForFinished() && process.waitForFinished();
                if (ended && fromChild.reader->readAll() == "X")
                    ++good;
            }
        }));
    }
    for (const auto &thread : threads)
        thread->start();
    for (const auto &thread : threads)
        thread->wait();
    QCOMPARE(good, Threads * Children);
}

void tst_childhandles_windows::theNextChildOfTheProcessHasNothing()
{
    QProcess process;
    for (int round = 0; round < 2; ++round) {
        Pipe::Handles pipe = Pipe::createHandles();
        ChildHandles handles;
        const auto number = handles.add(std::move(pipe.writer), "pipe");
        QVERIFY(handles.attachTo(&process));
        QVERIFY(!process.processEnvironment().inheritsFromParent());
        QCOMPARE(openIn(process, {number}), open({number}));
        QVERIFY(process.processEnvironment().inheritsFromParent());
        process.start(PeerProcess::find("peer_pipewindows"), {"handles"});
        QVERIFY(process.waitForFinished());
        QVERIFY(process.readAllStandardOutput().contains("names \r\n"));
    }
}

void tst_childhandles_windows::aChildThatCannotBeStartedClosesThem()
{
    const Pipe pipe = Pipe::create();
    ChildHandles handles;
    QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
    QProcess process;
    QVERIFY(handles.attachTo(&process));
    process.start("C:/nowhere/to/be/found.exe", QStringList());
    QVERIFY(!process.waitForStarted());
    QVERIFY(pipe.reader->waitForFinished());
    QVERIFY(process.processEnvironment().inheritsFromParent());
}

void tst_childhandles_windows::aProcessThatIsNeverStartedClosesThem()
{
    Pipe pipe = Pipe::create();
    {
        ChildHandles handles;
        QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
        QProcess process;
        QVERIFY(handles.attachTo(&process));
        QVERIFY(!pipe.reader->waitForFinished(1));
    }
    QVERIFY(pipe.reader->waitForFinished());
    pipe = Pipe::create();
    {
        ChildHandles handles;
        QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
    }
    QVERIFY(pipe.reader->waitForFinished());
}

void tst_childhandles_windows::twoCollectionsCanBeAttached()
{
    Pipe::Handles one = Pipe::createHandles();
    Pipe::Handles two = Pipe::createHandles();
    ChildHandles first;
    ChildHandles second;
    const auto a = first.add(std::move(one.reader), "one");
    const auto b = second.add(std::move(two.reader), "two");
    PeerProcess child;
    QVERIFY(first.attachTo(&child.process()));
    QVERIFY(second.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipewindows", QStringList("handles") + texts({a, b})));
    QCOMPARE(child.readLine(), open({a, b}));
    QCOMPARE(child.readLine(), "names one,two");
    QCOMPARE(child.waitForExit(), 0);
    QVERIFY(child.process().processEnvironment().inheritsFromParent());
}

void tst_childhandles_windows::modifiersOfOthersRunToo()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.reader), "pipe");
    QProcess process;
    int before = 0;
    int after = 0;
    process.setCreateProcessArgumentsModifier([&before](QProcess::CreateProcessArguments *arguments) {
        arguments->flags |= CREATE_NEW_PROCESS_GROUP;
        ++before;
    });
    QVERIFY(handles.attachTo(&process));
    const auto ours = process.createProcessArgumentsModifier();
    process.setCreateProcessArgumentsModifier([&after, ours](QProcess::CreateProcessArguments *arguments) {
        ours(arguments);
        if (arguments->flags & CREATE_NEW_PROCESS_GROUP)
            ++after;
    });
    // A third one, beyond what somebody else has put around.
    Pipe::Handles other = Pipe::createHandles();
    const auto second = handles.add(std::move(other.reader), "other");
    QVERIFY(handles.attachTo(&process));
    QCOMPARE(openIn(process, {number, second}), open({number, second}));
    QCOMPARE(before, 1);
    QCOMPARE(after, 1);
}

void tst_childhandles_windows::anEnvironmentThatIsThereStays()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    static_cast<void>(handles.add(std::move(pipe.reader), "a name; with = and :"));
    PeerProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("ONLY", "this");
    child.process().setProcessEnvironment(environment);
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipewindows", {"handles"}));
    QVERIFY(child.readLine().startsWith("open"));
    QCOMPARE(child.readLine(), "names a name; with = and :");
    QCOMPARE(child.waitForExit(), 0);
    QCOMPARE(child.process().processEnvironment(), environment);
}

void tst_childhandles_windows::whatGotLostIsNotTaken()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.reader), "input");
    QProcess never;
    QVERIFY(handles.attachTo(&never));
    const QProcessEnvironment environment = never.processEnvironment();
    // The environment alone, and another pipe that may well have the number; and a number twice.
    const QString variable = "INTERPROCESSQT_HANDLES";
    const QString entry = environment.value(variable);
    QVERIFY(entry.startsWith(QString("input=%1:").arg(number)));
    QProcessEnvironment forged = environment;
    forged.insert(variable, entry + ";again" + entry.mid(5) + ";negative=-4:00;nothing=4;=4:1;;x=y:z");
    PeerProcess child;
    child.process().setProcessEnvironment(forged);
    QVERIFY(child.start("peer_pipewindows", {"handles"}));
    QVERIFY(child.readLine().startsWith("open"));
    QCOMPARE(child.readLine(), "names ");
    QCOMPARE(child.waitForExit(), 0);
}

void tst_childhandles_windows::anyKindOfHandle()
{
    ChildHandles handles;
    const auto event = handles.add(owned(CreateEventW(nullptr, TRUE, FALSE, nullptr)), "event");
    const auto file = handles.add(
        owned(CreateFileW(reinterpret_cast<const wchar_t *>(path("file").utf16()), GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr)),
        "file");
    QVERIFY(event != NativeHandle::Invalid && file != NativeHandle::Invalid);
    PeerProcess child;
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipewindows", {"handles"}));
    QVERIFY(child.readLine().startsWith("open"));
    QCOMPARE(child.readLine(), "names event,file");
    QCOMPARE(child.waitForExit(), 0);
}

void tst_childhandles_windows::aProcessThatIsStartedOftenCollectsNothing()
{
    struct Process : QProcess {
        [[nodiscard]] int connections() const
        {
            return receivers(SIGNAL(started())) + receivers(SIGNAL(errorOccurred(QProcess::ProcessError)));
        }
    } process;
    for (int i = 0; i < 3; ++i) {
        Pipe::Handles one = Pipe::createHandles();
        Pipe::Handles two = Pipe::createHandles();
        ChildHandles first;
        ChildHandles second;
        QVERIFY(first.add(std::move(one.writer), "one") != NativeHandle::Invalid);
        QVERIFY(second.add(std::move(two.writer), "two") != NativeHandle::Invalid);
        QVERIFY(first.attachTo(&process));
        QVERIFY(second.attachTo(&process));
        QCOMPARE(openIn(process, {}), "open");
        QCOMPARE(process.connections(), 0);
        QVERIFY(!process.createProcessArgumentsModifier());
    }
}

void tst_childhandles_windows::whatCannotBeAddedStays()
{
    ChildHandles handles;
    Pipe::Handles pipe = Pipe::createHandles();
    QCOMPARE(handles.add(std::move(pipe.reader), ""), NativeHandle::Invalid);
    QVERIFY(pipe.reader);
    QVERIFY(!handles.errorString().isEmpty());
    // The numbers of handles are the system's.
    QCOMPARE(handles.add(std::move(pipe.reader), "x", 400), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), ERROR_NOT_SUPPORTED);
    QVERIFY(pipe.reader);
    QCOMPARE(handles.add(NativeHandle(), "x"), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), ERROR_INVALID_HANDLE);
    const qintptr own = pipe.reader.get();
    QCOMPARE(handles.add(std::move(pipe.reader), "x", own), own); // the number that it has
    QVERIFY(!pipe.reader);
    QCOMPARE(handles.add(std::move(pipe.writer), "x"), NativeHandle::Invalid); // the name is used
    QVERIFY(pipe.writer);

    const Pipe ends = Pipe::create();
    ends.writer->write(QByteArray(1'000'000, 'x'));
    QCOMPARE(handles.add(ends.writer.get(), "writer"), NativeHandle::Invalid);
    QTRY_COMPARE(ends.reader->bytesAvailable(), 1'000'000);
    QCOMPARE(handles.add(ends.reader.get(), "reader"), NativeHandle::Invalid);
    QVERIFY(ends.reader->isOpen() && ends.writer->isOpen());
    LocalSocket unconnected;
    QCOMPARE(handles.add(&unconnected, "socket"), NativeHandle::Invalid);
}

void tst_childhandles_windows::nothingThatHasArrivedIsLost()
{
    // A pipe is not read ahead of the event loop.
    const Pipe toChild = Pipe::create();
    const Pipe fromChild = Pipe::create();
    toChild.writer->write("written before");
    ChildHandles handles;
    QVERIFY(handles.add(toChild.reader.get(), "input") != NativeHandle::Invalid);
    QVERIFY(handles.add(fromChild.writer.get(), "output") != NativeHandle::Invalid);
    toChild.writer->close();
    PeerProcess child;
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipewindows", {"handles"}));
    QVERIFY(waitUntil([&] {
        return fromChild.reader->isReadChannelFinished();
    }));
    QCOMPARE(fromChild.reader->readAll(), "WRITTEN BEFORE");
    QCOMPARE(child.waitForExit(), 0);

    // A socket is, though nothing of it shows yet: then it cannot be handed over any more.
    const auto [mine, theirs] = LocalSocket::pair();
    mine->write("written before");
    mine->flush();
    QCOMPARE(theirs->bytesAvailable(), 0);
    QCOMPARE(handles.add(theirs.get(), "socket"), NativeHandle::Invalid);
    QVERIFY(!handles.errorString().isEmpty());
    QTRY_COMPARE(theirs->bytesAvailable(), 14);
    QCOMPARE(theirs->readAll(), "written before");
    mine->write("and after");
    QTRY_COMPARE(theirs->bytesAvailable(), 9);
}

QTEST_GUILESS_MAIN(tst_childhandles_windows)
#include "tst_childhandles_windows.moc"
