// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namelock_p.h"

#include "pollwait_p.h"
#include "syscalls_p.h"

#include <cerrno>
#include <chrono>
#include <unistd.h>

namespace InterprocessQt
{

using namespace std::chrono_literals;

NameLock::NameLock(const QByteArray &path)
    // Not a name that an application may have for a lock file of its own: this one is removed.
    : m_path(path + ".interprocessqt-lock")
{
    // Holders need microseconds; a stopped process may need for ever.
    const QDeadlineTimer deadline(2s);
    for (;;) {
        m_file.reset(sys::openLockFile(m_path.constData()));
        if (!m_file) {
            m_error = errno;
            m_held = m_error != EMFILE && m_error != ENFILE && m_error != ENOMEM; // without a lock
            return;
        }
        if (!isOurs()) {
            m_file.reset();
            m_held = true; // whoever made that one shall not keep us from a name that is ours
            return;
        }
        if (sys::tryLock(int(m_file.get())) == 0) {
            // Its holder removes it: what is locked now may be a file that nobody can find any more.
            if (isStillThere()) {
                m_held = true;
                return;
            }
            continue;
        }
        if (deadline.hasExpired()) {
            m_error = EADDRINUSE;
            return;
        }
        static_cast<void>(pollWait(-1, {}, QDeadlineTimer(1ms)));
    }
}

NameLock::~NameLock()
{
    if (m_held && m_file)
        sys::unlink(m_path.constData());
}

bool NameLock::isOurs() const
{
    struct stat opened;
    return sys::fstat(int(m_file.get()), &opened) == 0 && S_ISREG(opened.st_mode) && opened.st_uid == geteuid();
}

bool NameLock::isStillThere() const
{
    struct stat opened;
    struct stat named;
    return sys::fstat(int(m_file.get()), &opened) == 0 && sys::lstat(m_path.constData(), &named) == 0 && opened.st_dev == named.st_dev
        && opened.st_ino == named.st_ino;
}

} // namespace InterprocessQt
