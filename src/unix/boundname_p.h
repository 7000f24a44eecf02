// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BOUNDNAME_P_H
#define INTERPROCESSQT_BOUNDNAME_P_H

#include "local/localbackend_p.h"

#include <QtCore/qbytearray.h>

#include <sys/types.h>

namespace InterprocessQt
{

/*
 * The file behind a socket: how it is taken over if a dead process left it, and removed again when ours ends.
 */
class BoundName
{
public:
    // For the texts of errors.
    enum Purpose {
        Listening,
        Receiving,
    };
    explicit BoundName(Purpose purpose = Listening)
        : m_purpose(purpose)
    {
    }
    ~BoundName()
    {
        remove();
    }
    Q_DISABLE_COPY_MOVE(BoundName)

    // Binds the descriptor. Access is limited before the name exists and widened, if asked for, after.
    [[nodiscard]] std::optional<ErrorInfo> bind(int fd, const Address &address, const LocalListener::Options &options);
    // Removes the file if it is still the one made here and this is the process that made it.
    void remove();
    // Leaves the file to whoever has the descriptor from now on.
    void release()
    {
        m_path.clear();
    }

private:
    [[nodiscard]] std::optional<ErrorInfo> takeOver(int fd, const Address &address, LocalServer::NamePolicy policy);
    [[nodiscard]] std::optional<ErrorInfo> claimed(const Address &address, mode_t mode);

    [[nodiscard]] ErrorInfo failed(int error, const Address &address) const;
    [[nodiscard]] ErrorInfo inUse(const Address &address, const QString &why) const;
    [[nodiscard]] QString word(const char *listening, const char *receiving) const;
    [[nodiscard]] QString operation(const Address &address) const;

    const Purpose m_purpose;
    QByteArray m_path; // empty: nothing to remove
    dev_t m_device = 0;
    ino_t m_inode = 0;
    pid_t m_owner = 0;
};

} // namespace InterprocessQt

#endif
