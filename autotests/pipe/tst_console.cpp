// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/PipeReader>
#include <InterprocessQt/PipeWriter>

#include <QCoreApplication>
#include <QThread>

using namespace InterprocessQt;

// A console without a window. It is made for another program, and this one joins it.
class PseudoConsole
{
public:
    PseudoConsole()
    {
        if (CreatePseudoConsole({80, 25}, m_keys.out(), m_screen.in(), 0, &m_console) < 0)
            return;
        m_keys.reader.reset();
        m_screen.writer.reset();
        m_drain.reset(QThread::create([this] {
            readToEnd(m_screen.out());
        }));
        m_drain->start();
        STARTUPINFOEXW startup = {};
        startup.StartupInfo.cb = sizeof startup;
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        const std::unique_ptr<char[]> memory(new char[size]);
        startup.lpAttributeList = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory.get());
        InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
        UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, m_console, sizeof m_console, nullptr, nullptr);
        std::wstring line = QString(PeerProcess::find("peer_pipe") + " wait").toStdWString();
        PROCESS_INFORMATION process = {};
        if (CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, EXTENDED_STARTUPINFO_PRESENT, nullptr, nullptr, &startup.StartupInfo, &process)) {
            CloseHandle(process.hThread);
            m_process = owned(process.hProcess);
            FreeConsole();
            for (int i = 0; i < 100 && !m_isThere; ++i) { // it joins its console some time after it was started
                m_isThere = AttachConsole(process.dwProcessId);
                if (!m_isThere)
                    Sleep(50);
            }
        }
        DeleteProcThreadAttributeList(startup.lpAttributeList);
    }
    ~PseudoConsole()
    {
        FreeConsole();
        if (m_process) {
            TerminateProcess(native(m_process), 0);
            WaitForSingleObject(native(m_process), 10'000);
        }
        if (m_console)
            ClosePseudoConsole(m_console);
        if (m_drain)
            m_drain->wait(5000);
    }
    Q_DISABLE_COPY_MOVE(PseudoConsole)

    [[nodiscard]] bool isThere() const
    {
        return m_isThere;
    }

private:
    BlockingPipe m_keys;
    BlockingPipe m_screen;
    HPCON m_console = nullptr;
    NativeHandle m_process;
    std::unique_ptr<QThread> m_drain;
    bool m_isThere = false;
};

// What is typed in a console and what it shows.
class tst_console : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void linesAreUtf8();
    void aLineInTwoHalves();
    void controlZAtTheBeginningOfALineIsTheEnd();
    void controlZElsewhereIsACharacter();
    void keysOneByOne();
    void whatIsNoKeyIsNoInput();
    void standardInputIsTheConsole();
    void aReaderEndsWhileNobodyTypes_data();
    void aReaderEndsWhileNobodyTypes();
    void whatIsTypedAfterAReaderIsTheNextOnes();
    void whatIsWrittenIsShown();
    void aCharacterInTwoWrites();
    void muchIsShown();
    void theEndsKnowThatTheyAreConsoles();

private:
    static NativeHandle open(const wchar_t *name)
    {
        return owned(CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr));
    }
    // As from a keyboard, one after the other; a line ends with Return.
    void type(const QString &keys) const
    {
        std::vector<INPUT_RECORD> records;
        for (const QChar key : keys) {
            for (const BOOL down : {TRUE, FALSE}) {
                INPUT_RECORD record = {};
                record.EventType = KEY_EVENT;
                record.Event.KeyEvent.bKeyDown = down;
                record.Event.KeyEvent.wRepeatCount = 1;
                record.Event.KeyEvent.uChar.UnicodeChar = key.unicode();
                record.Event.KeyEvent.wVirtualKeyCode = key == '\r' ? VK_RETURN : key == '\x1a' ? 'Z' : 0;
                if (key == '\x1a')
                    record.Event.KeyEvent.dwControlKeyState = LEFT_CTRL_PRESSED;
                records.push_back(record);
            }
        }
        DWORD written = 0;
        QVERIFY(WriteConsoleInputW(native(m_input), records.data(), DWORD(records.size()), &written));
        QCOMPARE(written, records.size());
    }
    void setMode(DWORD mode) const
    {
        const bool set = SetConsoleMode(native(m_input), mode);
        QVERIFY2(set, qPrintable(QString::number(GetLastError())));
    }
    [[nodiscard]] QString firstLine() const
    {
        wchar_t text[80];
        DWORD length = 0;
        ReadConsoleOutputCharacterW(native(m_output), text, 80, {0, 0}, &length);
        return QString::fromWCharArray(text, qsizetype(length)).trimmed();
    }
    void begin() const;

    PseudoConsole m_console;
    NativeHandle m_input;
    NativeHandle m_output;
};

void tst_console::initTestCase()
{
    if (!m_console.isThere())
        QSKIP("this system has no pseudo-consoles");
    m_input = open(L"CONIN$");
    m_output = open(L"CONOUT$");
    QVERIFY(m_input && m_output);
}

// Nothing typed, nothing shown, whole lines.
void tst_console::begin() const
{
    FlushConsoleInputBuffer(native(m_input));
    setMode(ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT);
    DWORD count = 0;
    FillConsoleOutputCharacterW(native(m_output), L' ', 80 * 25, {0, 0}, &count);
    SetConsoleCursorPosition(native(m_output), {0, 0});
}

void tst_console::cleanupTestCase()
{
    m_input.reset();
    m_output.reset();
}

void tst_console::linesAreUtf8()
{
    begin();
    PipeReader reader;
    QVERIFY(reader.open(open(L"CONIN$")));
    type(QString::fromUtf8("Grüße, 世界\r"));
    QTRY_VERIFY(reader.canReadLine());
    QCOMPARE(QString::fromUtf8(reader.readLine()), QString::fromUtf8("Grüße, 世界\r\n"));
    // A character of two units.
    type(QString::fromUtf8("😀\r"));
    QTRY_VERIFY(reader.canReadLine());
    QCOMPARE(QString::fromUtf8(reader.readLine()), QString::fromUtf8("😀\r\n"));
}

void tst_console::aLineInTwoHalves()
{
    begin();
    PipeReader reader;
    QVERIFY(reader.open(open(L"CONIN$")));
    type("one ");
    QTest::qWait(50); // the call that reads is under way by now
    QCOMPARE(reader.bytesAvailable(), 0);
    type("line\r");
    QTRY_COMPARE(reader.bytesAvailable(), 10);
    QCOMPARE(reader.readAll(), "one line\r\n");
}

void tst_console::controlZAtTheBeginningOfALineIsTheEnd()
{
    begin();
    PipeReader reader;
    QVERIFY(reader.open(open(L"CONIN$")));
    type("last\r");
    QTRY_COMPARE(reader.bytesAvailable(), 6);
    type("\x1a\r");
    QVERIFY(reader.waitForFinished(10'000));
    QCOMPARE(reader.readAll(), "last\r\n");
    QCOMPARE(reader.error(), StreamDevice::UnknownSocketError);
}

void tst_console::controlZElsewhereIsACharacter()
{
    begin();
    PipeReader reader;
    QVERIFY(reader.open(open(L"CONIN$")));
    type("a\x1a\r");
    QTRY_VERIFY(reader.canReadLine());
    QVERIFY(reader.readLine().startsWith("a\x1a"));
    QVERIFY(!reader.isReadChannelFinished());
}

void tst_console::keysOneByOne()
{
    begin();
    setMode(0);
    PipeReader reader;
    QVERIFY(reader.open(open(L"CONIN$")));
    type("x");
    QTRY_COMPARE(reader.bytesAvailable(), 1);
    type("\x1a"); // is a key as all others
    QTRY_COMPARE(reader.bytesAvailable(), 2);
    QCOMPARE(reader.readAll(), "x\x1a");
}

void tst_console::whatIsNoKeyIsNoInput()
{
    begin();
    PipeReader reader;
    QVERIFY(reader.open(open(L"CONIN$")));
    INPUT_RECORD focus = {};
    focus.EventType = FOCUS_EVENT;
    DWORD written = 0;
    QVERIFY(WriteConsoleInputW(native(m_input), &focus, 1, &written));
    DWORD left = 1;
    QTRY_VERIFY(GetNumberOfConsoleInputEvents(native(m_input), &left) && left == 0);
    // No call that reads lines has been begun for it, which could not be given up any more.
    reader.close();
    PipeReader next;
    QVERIFY(next.open(open(L"CONIN$")));
    type("first\r");
    QTRY_VERIFY(next.canReadLine());
    QCOMPARE(next.readLine(), "first\r\n");
}

void tst_console::standardInputIsTheConsole()
{
    begin();
    const HANDLE before = GetStdHandle(STD_INPUT_HANDLE);
    SetStdHandle(STD_INPUT_HANDLE, native(m_input));
    PipeReader reader;
    const bool opened = reader.openStandardInput();
    SetStdHandle(STD_INPUT_HANDLE, before);
    QVERIFY2(opened, qPrintable(reader.errorString()));
    QVERIFY(reader.isTerminal());
    type("typed\r");
    QTRY_VERIFY(reader.canReadLine());
    QCOMPARE(reader.readLine(), "typed\r\n");
}

void tst_console::aReaderEndsWhileNobodyTypes_data()
{
    QTest::addColumn<bool>("halfALine");
    QTest::newRow("nothing typed") << false;
    QTest::newRow("half a line typed") << true;
}

void tst_console::aReaderEndsWhileNobodyTypes()
{
    begin();
    QFETCH(bool, halfALine);
    auto reader = std::make_unique<PipeReader>();
    QVERIFY(reader->open(open(L"CONIN$")));
    if (halfALine)
        type("half");
    QVERIFY(!reader->waitForReadyRead(50));
    reader.reset(); // and does not wait for the rest
    if (halfALine)
        type(" and the rest\r"); // of a console that goes on with a call that was given up
    QTest::qWait(50);
}

void tst_console::whatIsTypedAfterAReaderIsTheNextOnes()
{
    begin();
    // Each has a key to look at that is of no interest, at any moment of its end: the console would keep a call that reads a line,
    // and give the next line to it.
    for (int i = 0; i < 100; ++i) {
        PipeReader reader;
        QVERIFY(reader.open(open(L"CONIN$")));
        const QByteArray line = "line " + QByteArray::number(i);
        type(QString::fromLatin1(line) + '\r');
        while (!reader.canReadLine())
            QVERIFY(reader.waitForReadyRead(10'000));
        QCOMPARE(reader.readLine(), line + "\r\n");
    }
}

void tst_console::whatIsWrittenIsShown()
{
    begin();
    PipeWriter writer;
    QSignalSpy closed(&writer, &PipeWriter::closed);
    QVERIFY(writer.open(open(L"CONOUT$")));
    writer.write(QByteArray("Grüße"));
    writer.close();
    QVERIFY(closed.wait());
    QCOMPARE(firstLine(), QString::fromUtf8("Grüße"));
}

void tst_console::aCharacterInTwoWrites()
{
    begin();
    PipeWriter writer;
    QVERIFY(writer.open(open(L"CONOUT$")));
    const QByteArray text("aüb");
    writer.write(text.left(2));
    QVERIFY(writer.waitForBytesWritten());
    writer.write(text.mid(2));
    QVERIFY(writer.waitForBytesWritten());
    QTRY_COMPARE(firstLine(), QString::fromUtf8("aüb"));
}

void tst_console::muchIsShown()
{
    begin();
    PipeWriter writer;
    QSignalSpy written(&writer, &PipeWriter::bytesWritten);
    QVERIFY(writer.open(open(L"CONOUT$")));
    const QByteArray text = QByteArray("x\r").repeated(100'000); // always the same place, in many calls
    QCOMPARE(writer.write(text), text.size());
    writer.write("end");
    writer.close();
    QVERIFY(writer.waitForClosed(20'000));
    QCOMPARE(firstLine(), "end");
}

void tst_console::theEndsKnowThatTheyAreConsoles()
{
    begin();
    PipeReader reader;
    PipeWriter writer;
    QVERIFY(reader.open(open(L"CONIN$")));
    QVERIFY(writer.open(open(L"CONOUT$")));
    QVERIFY(!reader.waitForReadyRead(1));
    QVERIFY(reader.isTerminal() && writer.isTerminal());
    QCOMPARE(reader.capacity(), -1);
    PipeWriter wrong;
    NativeHandle input = owned(CreateFileW(L"CONIN$", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr));
    QVERIFY(!wrong.open(std::move(input)));
    QCOMPARE(wrong.error(), StreamDevice::UnsupportedSocketOperationError);
}

QTEST_GUILESS_MAIN(tst_console)
#include "tst_console.moc"
