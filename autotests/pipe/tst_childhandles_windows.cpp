// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/Pipe>

#include <QProcess>

using namespace InterprocessQt;

// What is handed over to a child by its list of handles: tst_childhandles has what is the same everywhere.
class tst_childhandles_windows : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anotherProgramUsesTheNumbers();
    void nothingElseIsInherited();
    void nothingIsInheritableBefore();
    void modifiersOfOthersRunToo();
    void whatGotLostIsNotTaken();
    void anyKindOfHandle();
    void aNumberOfOnesOwnIsRefused();
    void aSocketThatHasReadAheadStays();

private:
    // Which of the numbers are handles in a child of the process.
    static QString openIn(QProcess &process, const QList<qintptr> &numbers)
    {
        process.start(PeerProcess::find("peer_pipe"), QStringList("open") + texts(numbers));
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
    QVERIFY(program.start("peer_pipe", {"copy", QString::number(input), QString::number(output)}));
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

void tst_childhandles_windows::nothingIsInheritableBefore()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "pipe");
    QProcess child;
    QVERIFY(handles.attachTo(&child));
    DWORD flags = 0;
    QVERIFY(GetHandleInformation(reinterpret_cast<HANDLE>(number), &flags));
    QCOMPARE(flags & HANDLE_FLAG_INHERIT, 0);
    QCOMPARE(openIn(child, {number}), open({number}));
    QVERIFY(!child.createProcessArgumentsModifier()); // nothing is left of it
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
    QVERIFY(child.start("peer_pipe", {"handles"}));
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
    QVERIFY(child.start("peer_pipe", {"handles"}));
    QVERIFY(child.readLine().startsWith("open"));
    QCOMPARE(child.readLine(), "names event,file");
    QCOMPARE(child.waitForExit(), 0);
}

void tst_childhandles_windows::aNumberOfOnesOwnIsRefused()
{
    // The numbers of handles are the system's.
    ChildHandles handles;
    Pipe::Handles pipe = Pipe::createHandles();
    QCOMPARE(handles.add(std::move(pipe.reader), "x", 400), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), ERROR_NOT_SUPPORTED);
    QVERIFY(pipe.reader);
}

void tst_childhandles_windows::aSocketThatHasReadAheadStays()
{
    // Though nothing of it shows yet.
    ChildHandles handles;
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
