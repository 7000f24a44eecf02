// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef SPAWNED_H
#define SPAWNED_H

#include "peerprocess.h"

#include <InterprocessQt/NativeHandle>

#include <QDir>
#include <QTest>

#include <qt_windows.h>

#include <algorithm>
#include <memory>
#include <vector>

inline HANDLE native(const InterprocessQt::NativeHandle &handle)
{
    return reinterpret_cast<HANDLE>(handle.get());
}

inline InterprocessQt::NativeHandle owned(HANDLE handle)
{
    return InterprocessQt::NativeHandle(reinterpret_cast<qintptr>(handle));
}

// What programs have three of.
using Stream = HANDLE;
inline const Stream NoStream = nullptr;

// A program whose standard streams are any handles at all, which QProcess cannot do. Null: there is none. It inherits nothing else.
class Spawned
{
public:
    Spawned(const QString &program, const QStringList &arguments, HANDLE input, HANDLE output, HANDLE error = nullptr)
    {
        STARTUPINFOEXW startup = {};
        startup.StartupInfo.cb = sizeof startup;
        startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
        startup.StartupInfo.hStdInput = input;
        startup.StartupInfo.hStdOutput = output;
        startup.StartupInfo.hStdError = error;
        std::vector<HANDLE> handles;
        for (const HANDLE handle : {input, output, error}) {
            if (!handle || std::find(handles.begin(), handles.end(), handle) != handles.end())
                continue;
            SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
            handles.push_back(handle);
        }
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        const std::unique_ptr<char[]> memory(new char[size]);
        startup.lpAttributeList = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory.get());
        InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
        UpdateProcThreadAttribute(startup.lpAttributeList,
                                  0,
                                  PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                  handles.data(),
                                  handles.size() * sizeof(HANDLE),
                                  nullptr,
                                  nullptr);
        QString line = QLatin1Char('"') + QDir::toNativeSeparators(PeerProcess::find(program)) + QLatin1Char('"');
        for (const QString &argument : arguments)
            line += QLatin1Char(' ') + argument;
        std::wstring text = line.toStdWString();
        PROCESS_INFORMATION process = {};
        if (CreateProcessW(nullptr,
                           text.data(),
                           nullptr,
                           nullptr,
                           TRUE,
                           EXTENDED_STARTUPINFO_PRESENT | DETACHED_PROCESS, // Wine puts a console in the place of streams that are not there
                           nullptr,
                           nullptr,
                           &startup.StartupInfo,
                           &process)) {
            CloseHandle(process.hThread);
            m_process = owned(process.hProcess);
        }
        DeleteProcThreadAttributeList(startup.lpAttributeList);
        for (const HANDLE handle : handles)
            SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0);
    }
    ~Spawned()
    {
        if (m_process) {
            TerminateProcess(native(m_process), 99);
            WaitForSingleObject(native(m_process), 10'000);
        }
    }
    Q_DISABLE_COPY_MOVE(Spawned)

    // The exit code, or -1000 if it does not end. The event loop runs meanwhile.
    [[nodiscard]] int waitForExit(int msecs = 20'000)
    {
        if (!m_process)
            return -1001;
        const bool ended = QTest::qWaitFor(
            [this] {
                return WaitForSingleObject(native(m_process), 0) == WAIT_OBJECT_0;
            },
            msecs);
        DWORD code = 0;
        if (!ended || !GetExitCodeProcess(native(m_process), &code))
            return -1000;
        m_process.reset();
        return int(code);
    }

private:
    InterprocessQt::NativeHandle m_process;
};

// Two ends as programs usually have them: opened for calls that wait, and not inherited.
struct BlockingPipe {
    BlockingPipe()
    {
        HANDLE first = nullptr;
        HANDLE second = nullptr;
        if (CreatePipe(&first, &second, nullptr, 0)) {
            reader = owned(first);
            writer = owned(second);
        }
    }
    [[nodiscard]] HANDLE in() const
    {
        return native(writer);
    }
    [[nodiscard]] HANDLE out() const
    {
        return native(reader);
    }
    InterprocessQt::NativeHandle reader;
    InterprocessQt::NativeHandle writer;
};

// As what a program gets.
inline HANDLE streamOf(const InterprocessQt::NativeHandle &handle)
{
    return native(handle);
}

// The device that swallows everything.
inline InterprocessQt::NativeHandle openNull()
{
    return owned(CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr));
}

inline qint64 writeAll(HANDLE handle, const QByteArray &data)
{
    DWORD written = 0;
    return WriteFile(handle, data.constData(), DWORD(data.size()), &written, nullptr) ? qint64(written) : -1;
}

inline QByteArray readSome(HANDLE handle, int size)
{
    QByteArray some(size, Qt::Uninitialized);
    DWORD got = 0;
    if (!ReadFile(handle, some.data(), DWORD(size), &got, nullptr))
        return {};
    some.truncate(qsizetype(got));
    return some;
}

// To be read and written from its beginning, or written at its end.
inline InterprocessQt::NativeHandle openFile(const QString &path, bool append = false)
{
    const DWORD access = append ? FILE_APPEND_DATA | SYNCHRONIZE : GENERIC_READ | GENERIC_WRITE;
    return owned(CreateFileW(reinterpret_cast<const wchar_t *>(path.utf16()), access, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS, 0, nullptr));
}

inline qint64 position(HANDLE handle)
{
    return SetFilePointer(handle, 0, nullptr, FILE_CURRENT);
}

inline void seek(HANDLE handle, qint64 position)
{
    SetFilePointer(handle, LONG(position), nullptr, FILE_BEGIN);
}

// All that a handle gives until its end, with the ends of lines as the C library takes them.
inline QByteArray readToEnd(HANDLE handle)
{
    QByteArray all;
    for (QByteArray some = readSome(handle, 65536); !some.isEmpty(); some = readSome(handle, 65536))
        all += some;
    return all.replace("\r\n", "\n");
}

#endif
