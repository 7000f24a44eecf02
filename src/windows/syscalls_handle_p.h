// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SYSCALLS_HANDLE_P_H
#define INTERPROCESSQT_SYSCALLS_HANDLE_P_H

#include "syscalls_p.h"

#include <string>
#include <vector>

/*
 * Calls of Windows about any handle, consoles, and what a child process inherits.
 */
namespace InterprocessQt::sys
{

// What a handle stands for. Of one that was not opened for overlapped operations it cannot be asked while another thread, or
// another process that has the same, waits in a call for it: the question would wait, too.
enum class HandleKind {
    Unknown,
    File,
    Directory,
    Pipe,
    Socket,
    Console,
    Device, // NUL, a serial line, …
};
[[nodiscard]] HandleKind handleKind(HANDLE handle) noexcept;
struct HandleAccess {
    bool reading = false;
    bool writing = false;
};
DWORD handleAccess(HANDLE handle, HandleAccess &access) noexcept;
[[nodiscard]] QString handleType(HANDLE handle); // "File", "Event", …
[[nodiscard]] QByteArray fileIdentity(HANDLE handle); // of a file or a pipe: what tells it from others; empty if nothing does
DWORD standardHandle(DWORD which, HANDLE &handle) noexcept;
DWORD pipeBufferSize(HANDLE pipe, DWORD &size) noexcept; // the larger one of both directions
DWORD openPipeEnd(const wchar_t *name, DWORD access, DWORD flags, NativeHandle &pipe) noexcept; // overlapped only if the flags say so

// They block
DWORD readNow(HANDLE handle, void *data, DWORD size, DWORD &bytes) noexcept;
DWORD writeNow(HANDLE handle, const void *data, DWORD size, DWORD &bytes) noexcept;
inline constexpr DWORD Interrupted = ERROR_OPERATION_ABORTED; // by Ctrl-C, or by whoever cancelled it
DWORD readConsole(HANDLE console, wchar_t *text, DWORD size, DWORD &length) noexcept;
DWORD writeConsole(HANDLE console, const wchar_t *text, DWORD size, DWORD &written) noexcept;
[[nodiscard]] DWORD consoleMode(HANDLE console) noexcept;
// Whether a key was pressed that readConsole() would have something of; takes what is of no interest to it.
[[nodiscard]] bool hasKeysOrDropRest(HANDLE console) noexcept;

// The attribute of a new process that names all it inherits.
class InheritanceList
{
public:
    InheritanceList() = default;
    ~InheritanceList();
    Q_DISABLE_COPY_MOVE(InheritanceList)

    DWORD set(std::vector<HANDLE> handles); // each of which is inheritable; instead of those before
    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST native() const noexcept
    {
        return m_list;
    }

private:
    void clear() noexcept;

    std::vector<HANDLE> m_handles; // the list points to them
    std::unique_ptr<char[]> m_memory;
    LPPROC_THREAD_ATTRIBUTE_LIST m_list = nullptr;
};
[[nodiscard]] bool isInheritable(HANDLE handle) noexcept;

} // namespace InterprocessQt::sys

#endif
