// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "features_p.h"

namespace InterprocessQt
{

bool platformSupports(Feature feature)
{
    switch (feature) {
    case Feature::AbstractNames: // pipes have names, and no files
    case Feature::PeerProcessId:
    case Feature::PeerProcessHandle:
    case Feature::PacketSockets: // pipes of messages
        return true;
    case Feature::PeerGroups: // numbers of Unix
    case Feature::HalfClose: // a byte pipe has no end but that of both directions
    case Feature::ServiceActivation:
    case Feature::HandlePassing:
    case Feature::MessageCredentials:
        return false;
    }
    return false;
}

} // namespace InterprocessQt
