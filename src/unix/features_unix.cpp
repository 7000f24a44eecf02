// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "features_p.h"

#include "ancillary_p.h"
#include "interprocessqt_config.h"
#include "packetstream_p.h"
#include "peercredentials_p.h"

namespace InterprocessQt
{

bool platformSupports(Feature feature)
{
    switch (feature) {
    case Feature::AbstractNames:
        return HAVE_LINUX_ABSTRACT;
    case Feature::PeerProcessId:
        return HAVE_SO_PEERCRED;
    case Feature::PeerGroups:
        return HAVE_SO_PEERGROUPS;
    case Feature::PeerProcessHandle:
        return hasPeerProcessHandles();
    case Feature::HalfClose:
    case Feature::ServiceActivation:
    case Feature::HandlePassing:
        return true;
    case Feature::MessageCredentials:
        return canPassCredentials();
    case Feature::PacketSockets:
        return maximumPacketSize() > 0;
    }
    return false;
}

} // namespace InterprocessQt
