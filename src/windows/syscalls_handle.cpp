// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_handle_p.h"

#include <algorithm>

namespace InterprocessQt::sys
{

namespace
{
// NtQueryObject() is the only way to learn of the rights and of the type of a handle; Microsoft documents these two.
constexpr int ObjectBasicInformation = 0;
constexpr int ObjectTypeInformation = 2;

bool queryObject(HANDLE handle, int what, void *data, ULONG size) noexcept
{
    using Query = LONG(NTAPI *)(HANDLE, int, void *, ULONG, ULONG *);
    static const auto query = reinterpret_cast<Query>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryObject")));
    return query && query(handle, what, data, size, nullptr) >= 0;
}
} // namespace

HandleKind handleKind(HANDLE handle) noexcept
{
    switch (GetFileType(handle)) {
    case FILE_TYPE_DISK: {
        BY_HANDLE_FILE_INFORMATION information;
        const bool isDirectory = GetFileInformationByHandle(handle, &information) && (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY);
        return isDirectory ? HandleKind::Directory : HandleKind::File;
    }
    case FILE_TYPE_CHAR:
        return isConsole(generic(handle)) ? HandleKind::Console : HandleKind::Device;
    case FILE_TYPE_PIPE:
        // The writing end of a pipe need not have the right to ask.
        if (GetNamedPipeInfo(handle, nullptr, nullptr, nullptr, nullptr) || GetLastError() == ERROR_ACCESS_DENIED)
            return HandleKind::Pipe;
        return HandleKind::Socket;
    default:
        return HandleKind::Unknown;
    }
}

DWORD handleAccess(HANDLE handle, HandleAccess &access) noexcept
{
    struct {
        ULONG attributes;
        ACCESS_MASK granted;
        ULONG counts[2];
        ULONG reserved[10];
    } information = {};
    if (!isOpen(generic(handle)))
        return ERROR_INVALID_HANDLE;
    if (!queryObject(handle, ObjectBasicInformation, &information, sizeof information)) {
        access = {true, true}; // then the first read or write will tell
        return NoError;
    }
    access.reading = information.granted & FILE_READ_DATA;
    access.writing = information.granted & (FILE_WRITE_DATA | FILE_APPEND_DATA);
    return NoError;
}

QString handleType(HANDLE handle)
{
    struct UnicodeString {
        USHORT size;
        USHORT capacity;
        wchar_t *text;
    };
    alignas(UnicodeString) char buffer[1024];
    if (!queryObject(handle, ObjectTypeInformation, buffer, sizeof buffer))
        return {};
    const auto *const name = reinterpret_cast<const UnicodeString *>(buffer);
    return QString::fromWCharArray(name->text, name->size / qsizetype(sizeof(wchar_t)));
}

QByteArray fileIdentity(HANDLE handle)
{
    switch (GetFileType(handle)) {
    case FILE_TYPE_DISK: {
        BY_HANDLE_FILE_INFORMATION file;
        if (!GetFileInformationByHandle(handle, &file))
            return {};
        return QByteArray::number(uint(file.dwVolumeSerialNumber), 16) + '.'
            + QByteArray::number((quint64(file.nFileIndexHigh) << 32) | quint64(file.nFileIndexLow), 16);
    }
    case FILE_TYPE_PIPE: {
        alignas(FILE_NAME_INFO) char buffer[sizeof(FILE_NAME_INFO) + 512 * sizeof(wchar_t)];
        if (!GetFileInformationByHandleEx(handle, FileNameInfo, buffer, sizeof buffer))
            return {};
        const auto *const name = reinterpret_cast<const FILE_NAME_INFO *>(buffer);
        return QByteArray(reinterpret_cast<const char *>(name->FileName), qsizetype(name->FileNameLength));
    }
    default:
        return {};
    }
}

DWORD standardHandle(DWORD which, HANDLE &handle) noexcept
{
    handle = GetStdHandle(which);
    // A program with windows and no console has none, and what was closed leaves its number behind.
    return handle && handle != INVALID_HANDLE_VALUE && isOpen(generic(handle)) ? NoError : ERROR_INVALID_HANDLE;
}

DWORD pipeBufferSize(HANDLE pipe, DWORD &size) noexcept
{
    DWORD output = 0;
    DWORD input = 0;
    const DWORD error = result(GetNamedPipeInfo(pipe, nullptr, &output, &input, nullptr));
    size = std::max(output, input);
    return error;
}

DWORD openPipeEnd(const wchar_t *name, DWORD access, DWORD flags, NativeHandle &pipe) noexcept
{
    const HANDLE opened = CreateFileW(name, access, 0, nullptr, OPEN_EXISTING, flags, nullptr);
    const DWORD error = result(opened != INVALID_HANDLE_VALUE);
    if (error == NoError)
        pipe.reset(generic(opened));
    return error;
}

// ---- What blocks

DWORD readNow(HANDLE handle, void *data, DWORD size, DWORD &bytes) noexcept
{
    bytes = 0;
    return result(ReadFile(handle, data, size, &bytes, nullptr));
}

DWORD writeNow(HANDLE handle, const void *data, DWORD size, DWORD &bytes) noexcept
{
    bytes = 0;
    return result(WriteFile(handle, data, size, &bytes, nullptr));
}

DWORD readConsole(HANDLE console, wchar_t *text, DWORD size, DWORD &length) noexcept
{
    length = 0;
    SetLastError(NoError);
    if (!ReadConsoleW(console, text, size, &length, nullptr)) {
        length = 0;
        return GetLastError();
    }
    // Ctrl-C ends it with success and nothing read (Microsoft's console, issue 12143).
    if (length == 0 || length > size) {
        length = 0;
        return GetLastError() == Interrupted ? Interrupted : NoError;
    }
    return NoError;
}

DWORD writeConsole(HANDLE console, const wchar_t *text, DWORD size, DWORD &written) noexcept
{
    written = 0;
    return result(WriteConsoleW(console, text, size, &written, nullptr));
}

DWORD consoleMode(HANDLE console) noexcept
{
    DWORD mode = 0;
    GetConsoleMode(console, &mode);
    return mode;
}

bool hasKeysOrDropRest(HANDLE console) noexcept
{
    INPUT_RECORD records[64];
    DWORD count = 0;
    if (!PeekConsoleInputW(console, records, DWORD(std::size(records)), &count))
        return true; // reading will tell what is wrong
    const bool hasKeys = std::any_of(records, records + count, [](const INPUT_RECORD &record) {
        // A character that is made with Alt and digits comes when Alt is let go.
        return record.EventType == KEY_EVENT
            && (record.Event.KeyEvent.bKeyDown || (record.Event.KeyEvent.wVirtualKeyCode == VK_MENU && record.Event.KeyEvent.uChar.UnicodeChar != 0));
    });
    if (!hasKeys && count > 0)
        ReadConsoleInputW(console, records, count, &count);
    return hasKeys;
}

// ---- Children

DWORD InheritanceList::set(std::vector<HANDLE> handles)
{
    clear();
    m_handles = std::move(handles);
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    m_memory.reset(new char[size]);
    m_list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(m_memory.get());
    if (const DWORD error = result(InitializeProcThreadAttributeList(m_list, 1, 0, &size))) {
        m_list = nullptr;
        return error;
    }
    return result(
        UpdateProcThreadAttribute(m_list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, m_handles.data(), m_handles.size() * sizeof(HANDLE), nullptr, nullptr));
}

void InheritanceList::clear() noexcept
{
    if (m_list)
        DeleteProcThreadAttributeList(m_list);
    m_list = nullptr;
}

InheritanceList::~InheritanceList()
{
    clear();
}

bool isInheritable(HANDLE handle) noexcept
{
    DWORD flags = 0;
    return handle && handle != INVALID_HANDLE_VALUE && GetHandleInformation(handle, &flags) && (flags & HANDLE_FLAG_INHERIT);
}

} // namespace InterprocessQt::sys
