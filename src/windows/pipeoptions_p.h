// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEOPTIONS_P_H
#define INTERPROCESSQT_PIPEOPTIONS_P_H

#include "local/localbackend_p.h"

#include <InterprocessQt/SecurityDescriptor.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace InterprocessQt
{

/*
 * Tells a server whose pipe has a limit of instances that one has been closed, by whatever thread that was. Shared by the
 * server and by the pipes that it has accepted.
 */
class PipeSlots
{
public:
    void setListener(std::function<void()> listener)
    {
        const std::lock_guard lock(m_mutex);
        m_listener = std::move(listener);
    }
    void released()
    {
        const std::lock_guard lock(m_mutex);
        if (m_listener)
            m_listener();
    }

private:
    std::mutex m_mutex;
    std::function<void()> m_listener;
};

// What CreateNamedPipeW() is told, beyond what every local server has. The values are its own; the types of Windows are left
// out, for the sake of qdoc.
struct PipeOptions {
    static constexpr quint32 DefaultBuffer = 64 * 1024;
    static constexpr quint32 WaitForever = 0xffffffff; // NMPWAIT_WAIT_FOREVER

    quint32 access = 3; // PIPE_ACCESS_DUPLEX
    bool carriesMessages = false;
    bool readsMessages = false;
    bool writeThrough = false;
    bool remoteClients = false;
    quint32 instances = 255; // PIPE_UNLIMITED_INSTANCES
    quint32 inputBuffer = DefaultBuffer;
    quint32 outputBuffer = DefaultBuffer;
    quint32 waitTimeout = 0;
    std::optional<SecurityDescriptor> security; // nothing: by the options of the server
    std::shared_ptr<PipeSlots> freed;
};

[[nodiscard]] std::unique_ptr<LocalListener> makePipeListener(ListenerClient &client, const PipeOptions &options);

} // namespace InterprocessQt

#endif
