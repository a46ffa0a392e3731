// The actions that only change the view and need neither the program, the recording nor files.
#pragma once

#include "app/control/actions.h"

namespace procatlas {

void change(View& view, const action::SelectProcess& a);
void change(View& view, const action::ClickRegion& a);
void change(View& view, const action::LeaveRegion& a);
void change(View& view, const action::ToggleAllRegions& a);
void change(View& view, const action::ShowAllRegions& a);
void change(View& view, const action::ToggleLauncher& a);
void change(View& view, const action::OpenMenu& a);
void change(View& view, const action::OpenMenuOfSelection& a);
void change(View& view, const action::OpenSearch& a);
void change(View& view, const action::TogglePresent& a);
void change(View& view, const action::ShowFace& a);
void change(View& view, const action::ToggleAddresses& a);
void change(View& view, const action::ShowAside& a);
void change(View& view, const action::ToggleHelpers& a);
void change(View& view, const action::ToggleSubtree& a);
void change(View& view, const action::ToggleSelectedSubtree& a);
void change(View& view, const action::FilterProcesses& a);
void change(View& view, const action::ShowAllProcesses& a);
void change(View& view, const action::FocusFilter& a);
void change(View& view, const action::ToggleInside& a);
void change(View& view, const action::TogglePages& a);
void change(View& view, const action::ToggleSideBySide& a);
void change(View& view, const action::ShowPages& a);
void change(View& view, const action::ShowInside& a);
void change(View& view, const action::ToggleInterpreter& a);
void change(View& view, const action::FocusWhere& a);
void change(View& view, const action::LookAtBytes& a);
void change(View& view, const action::LookAtRecordedBytes& a);
void change(View& view, const action::CloseDialog& a);
void change(View& view, const action::ToggleHelp& a);
void change(View& view, const action::Escape& a);
void change(View& view, const action::ShowTab& a);
void change(View& view, const action::ToggleWhole& a);
void change(View& view, const action::ShowWhole& a);
void change(View& view, const action::FocusInput& a);
void change(View& view, const action::CopyText& a);
void change(View& view, const action::TypeAnswer& a);
void change(View& view, const action::ToggleNote& a);
void change(View& view, const action::LeaveField& a);
void change(View& view, const action::HoldAtStart& a);
void change(View& view, const action::DismissMessage& a);

}  // namespace procatlas
