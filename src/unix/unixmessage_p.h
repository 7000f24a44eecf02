// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXMESSAGE_P_H
#define INTERPROCESSQT_UNIXMESSAGE_P_H

#include "ancillary_p.h"

#include <InterprocessQt/UnixMessage.h>

namespace InterprocessQt
{

// What only a receiving socket may put into a message.
class UnixMessageAccess
{
public:
    static void setAncillary(UnixMessage &message, Ancillary ancillary)
    {
        message.m_descriptors = std::move(ancillary.descriptors);
        message.m_credentials = std::move(ancillary.credentials);
        message.m_descriptorsLost = ancillary.descriptorsLost;
    }
    static void setSender(UnixMessage &message, const Address &sender)
    {
        message.m_sender = sender;
    }
    static void setFullSize(UnixMessage &message, qint64 size)
    {
        message.m_fullSize = size;
    }
};

} // namespace InterprocessQt

#endif
