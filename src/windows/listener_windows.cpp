// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

namespace
{

ErrorInfo unsupported()
{
    return {StreamDevice::UnsupportedSocketOperationError,
            0,
            QCoreApplication::translate("InterprocessQt::LocalServer", "Local servers are not supported on Windows yet")};
}

class WindowsListener : public LocalListener
{
public:
    std::optional<ErrorInfo> listen(const Address &, const Options &) override
    {
        return unsupported();
    }
    std::optional<ErrorInfo> adopt(NativeHandle::Type) override
    {
        return unsupported();
    }
    AcceptResult accept() override
    {
        return {AcceptResult::Failed, {}, unsupported()};
    }
    void setEnabled(bool) override
    {
    }
    void setBacklog(int) override
    {
    }
    bool wait(QDeadlineTimer) override
    {
        return false;
    }
    void detach() override
    {
    }
    bool attach() override
    {
        return true;
    }
    qintptr handle() const override
    {
        return NativeHandle::Invalid;
    }
    Address boundAddress() const override
    {
        return {};
    }
};

} // namespace

std::unique_ptr<LocalListener> LocalListener::make(ListenerClient &, LocalKind)
{
    return std::make_unique<WindowsListener>();
}

} // namespace InterprocessQt
